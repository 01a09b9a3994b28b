import { composeReport } from '../report.ts';
import type { ShownEntry, View } from '../view.ts';
import { copyText } from './copy.ts';
import { element } from './element.ts';
import { createFrame } from './frame.ts';
import { createHost, keepEvents } from './host.ts';
import { redraw } from './section.ts';
import { createCalls } from './sections/calls.ts';
import { drawFindings } from './sections/findings.ts';
import { createPurchases } from './sections/purchases.ts';
import { createReferral } from './sections/referral.ts';
import { createSettings } from './sections/settings.ts';
import { createWays } from './sections/ways.ts';

export interface PanelActions {
  askAgain(): void;
  askFor(entry: ShownEntry): void;
  /** Called when the reader has closed it. */
  closed(): void;
}

export interface Panel {
  update(view: View): void;
  announce(text: string): void;
}

/** Shows the panel. It takes no focus: the page's own first field keeps it. */
export function showPanel(first: View, { askAgain, askFor, closed }: PanelActions): Panel {
  const { host, root } = createHost();
  const findings = element('div', { class: 'body' });
  const sections = [
    createWays(askAgain),
    createPurchases(askFor),
    createCalls(),
    createReferral(),
    createSettings(),
  ];
  const shownSections = [findings, ...sections.map((section) => section.root)];
  const frame = createFrame(shownSections, close, () => void copy());
  let view = first;
  let drawnFindings = '';
  let focusedBefore: EventTarget | null = null;

  root.append(frame.root);
  root.addEventListener('focusin', (event) => {
    const from = (event as FocusEvent).relatedTarget;
    if (from instanceof Node && !root.contains(from)) focusedBefore = from;
  });
  root.addEventListener('keydown', (event) => {
    if ((event as KeyboardEvent).key === 'Escape') close();
  });
  keepEvents(host);
  update(first);
  // Beside the body, which frameworks may draw anew.
  document.documentElement.append(host);

  async function copy(): Promise<void> {
    const isCopied = await copyText(composeReport(view), frame.root);
    frame.announce(isCopied ? 'Copied.' : 'Select all and copy.');
  }

  function close(): void {
    const hadFocus = document.activeElement === host;
    host.remove();
    if (hadFocus && focusedBefore instanceof HTMLElement) focusedBefore.focus();
    closed();
  }

  function update(next: View): void {
    view = next;
    frame.update(view);
    const text = JSON.stringify(view.findings);
    if (text !== drawnFindings) redraw(findings, drawFindings(view.findings));
    drawnFindings = text;
    for (const section of sections) section.update(view);
  }

  return { update, announce: frame.announce };
}
