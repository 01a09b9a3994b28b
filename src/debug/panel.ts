import { badge, button, element, redraw } from './elements.ts';
import css from './panel.css';
import {
  createCalls,
  createPurchases,
  createReferral,
  createSettings,
  createWays,
  drawFindings,
} from './sections.ts';
import { composeReport, type ShownEntry, summaryOf, type View } from './view.ts';

export interface PanelActions {
  askAgain(): void;
  askFor(entry: ShownEntry): void;
  /** Called when the reader has closed it. */
  closed(): void;
}

export interface Panel {
  update(view: View): void;
  /** Says something to who listens, and shows it beside the buttons. */
  announce(text: string): void;
}

/** The one element that the panel adds to the page. */
export const hostName = 'onramp-debug';

/** Shows the panel. It takes no focus: the page's own first field keeps it. */
export function openPanel(first: View, { askAgain, askFor, closed }: PanelActions): Panel {
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
  const frame = createFrame(shownSections, close, () => {
    copy().catch(() => frame.announce('It could not be copied.'));
  });
  let view = first;
  let drawnFindings = '';
  let isClosed = false;
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

  async function copy(): Promise<void> {
    const isCopied = await copyText(composeReport(view), frame.root);
    frame.announce(isCopied ? 'Copied.' : 'Select all and copy.');
  }

  function close(): void {
    const hadFocus = document.activeElement === host;
    isClosed = true;
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
    // Beside the body, which frameworks may draw anew; document.write takes all away, but the pixel goes on.
    if (!isClosed && !host.isConnected) document.documentElement.append(host);
  }

  return { update, announce: frame.announce };
}

/** With a shadow root that keeps the page's style and scripts out. */
function createHost(): { host: HTMLElement; root: ShadowRoot } {
  const host = document.createElement(hostName);
  const root = host.attachShadow({ mode: 'open' });
  // A style element would need style-src 'unsafe-inline' where the page has a Content Security Policy.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  root.adoptedStyleSheets = [sheet];
  return { host, root };
}

/** What happens in the panel is not the page's: its shortcuts, and what it counts and closes by clicks, stay out. */
const kept = ['click', 'keydown', 'keyup', 'keypress', 'pointerdown', 'pointerup', 'mousedown', 'mouseup'];
const keptToo = [
  'touchstart',
  'touchend',
  'focusin',
  'focusout',
  'wheel',
  'copy',
  'contextmenu',
  'input',
  'change',
];

function keepEvents(host: HTMLElement): void {
  for (const type of [...kept, ...keptToo]) {
    host.addEventListener(type, (event) => event.stopPropagation(), { passive: true });
  }
}

interface Frame extends Panel {
  root: HTMLElement;
}

const origin =
  'Shown because the address of this page says onramp_debug. The panel stores nothing, and changes nothing of what the pixel does.';

/** What is around the sections: the head with the summary, which collapses and closes all, and the foot. */
function createFrame(sections: Node[], close: () => void, copy: () => void): Frame {
  const status = element('p', { class: 'status', role: 'status' });
  const closing = element('p', { class: 'hint' }, origin);
  const content = element('div', { class: 'content', id: 'content' }, ...sections, closing);
  const announced = element('span', { class: 'announced', role: 'status' });
  const foot = element('footer', {}, button('Copy report', 'copy', copy, { class: 'main' }), announced);
  const collapse = button('Collapse', 'collapse', () => setCollapsed(!content.hidden), {
    'aria-expanded': 'true',
    'aria-controls': 'content',
    class: 'quiet',
  });
  const root = element(
    'section',
    { role: 'region', 'aria-label': 'onramp debug panel', class: 'panel' },
    element(
      'header',
      {},
      element('h2', {}, 'onramp', element('span', {}, ' debug')),
      element('div', { class: 'buttons' }, collapse, button('Close', 'close', close, { class: 'quiet' })),
      status,
    ),
    content,
    foot,
  );
  let said = '';

  function setCollapsed(isCollapsed: boolean): void {
    content.hidden = isCollapsed;
    foot.hidden = isCollapsed;
    collapse.textContent = isCollapsed ? 'Expand' : 'Collapse';
    collapse.setAttribute('aria-expanded', String(!isCollapsed));
  }

  return {
    root,
    update(view) {
      const { kind, text } = summaryOf(view);
      if (text === said) return;
      said = text;
      status.replaceChildren(badge(kind, text));
    },
    announce(text) {
      announced.textContent = text;
    },
  };
}

/**
 * Copies the text; where the browser doesn't let it, as on http pages, shows it selected instead, and the reader copies
 * it. Resolves to whether it is copied.
 */
async function copyText(text: string, panel: HTMLElement): Promise<boolean> {
  const field = panel.querySelector('textarea');
  try {
    await navigator.clipboard.writeText(text);
    field?.remove();
    return true;
  } catch {
    const shown = field ?? element('textarea', { 'aria-label': 'Report', readonly: '', rows: '6' });
    shown.value = text;
    if (!field) panel.querySelector('footer')?.append(shown);
    shown.focus();
    shown.select();
    return false;
  }
}
