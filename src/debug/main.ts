import { attempt } from './attempt.ts';
import { inspectPage } from './inspect.ts';
import { type Panel, showPanel } from './panel/panel.ts';

/** How often it looks after what changes without a word, in milliseconds. */
const lookEveryMs = 1_000;

/** Shows the panel once, and keeps it up to date until it is closed. */
function start(): void {
  let panel: Panel | undefined;
  const update = () => attempt(() => panel?.update(inspection.look()));
  const inspection = inspectPage(new URL(import.meta.url).origin, update);
  const timer = setInterval(update, lookEveryMs);
  panel = showPanel(inspection.look(), {
    askAgain: inspection.askAgain,
    askFor(entry) {
      inspection.askFor(entry).then(
        ({ title }) => panel?.announce(`${title}.`),
        () => panel?.announce('It could not be asked.'),
      );
    },
    closed() {
      clearInterval(timer);
      inspection.stop();
    },
  });
  inspection.askAgain();
}

// A page has one body's worth of trouble already: whatever happens here stays here.
attempt(start);
