import type { WebDriver } from 'selenium-webdriver';

/** Does work in one of a session's windows; resolves to what the work does. */
export type InWindow = <Result>(handle: string, work: () => Promise<Result>) => Promise<Result>;

/**
 * A session looks at one window at a time, so whoever wants one waits for its turn. The window that it looks
 * at already isn't switched to: to a page that would look like a tab that comes and goes.
 */
export function takeTurns(driver: WebDriver): InWindow {
  let current = '';
  let turn: Promise<unknown> = Promise.resolve();
  return (handle, work) => {
    const result = turn.then(async () => {
      if (current !== handle) await driver.switchTo().window(handle);
      current = handle;
      const done = await work();
      // The work may have closed the window, or opened another.
      current = await driver.getWindowHandle().catch(() => '');
      return done;
    });
    turn = result.catch(() => {
      current = '';
    });
    return result;
  };
}
