import type { PixelHandle } from '../pixel/types.ts';
import { inspectPage } from './inspect.ts';
import { attempt } from './page.ts';
import { hostName, openPanel, type Panel } from './panel.ts';

/**
 * How often it looks after what changes without a word, in milliseconds. A call is heard at once, see calls.ts; of what
 * was proven before the panel looked, which leaves but a mark, stored.ts finds what was sent.
 */
const lookEveryMs = 250;

/**
 * Shows the panel of the pixel that a module has started, and keeps it up to date until it is closed. Frameworks start a
 * pixel twice, and a tag may stand beside it: there is never a second panel.
 */
export function showPanel(module: PixelHandle): void {
  attempt(() => start(module));
}

let hasStarted = false;

function start(module?: PixelHandle): void {
  if (hasStarted || document.querySelector(hostName)) return;
  hasStarted = true;
  let panel: Panel | undefined;
  const update = () =>
    attempt(() => {
      if (!panel) return;
      panel.update(inspection.look());
      // A tag that comes within the page's first second is sent with what the first one left waiting, and proven sooner
      // than the next look: its load is heard, on the way down, and no further up than the document. document.open takes
      // listeners away; the same one isn't added twice.
      Document.prototype.addEventListener.call(document, 'load', update, true);
    });
  const inspection = inspectPage(module, import.meta.url, update);
  const timer = setInterval(update, lookEveryMs);
  panel = openPanel(inspection.look(), {
    askAgain: inspection.askAgain,
    askFor(entry) {
      inspection.askFor(entry).then(
        ({ title }) => panel?.announce(`${title}.`),
        () => panel?.announce('It could not be asked.'),
      );
    },
    closed() {
      panel = undefined;
      clearInterval(timer);
      Document.prototype.removeEventListener.call(document, 'load', update, true);
      inspection.stop();
    },
  });
  update();
}

// For a tag the script does no more than import this file; a module says so in the address, and calls showPanel. A page
// has one body's worth of trouble already: whatever happens here stays here.
if (!new URL(import.meta.url).searchParams.has('module')) attempt(() => start());
