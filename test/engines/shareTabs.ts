import type { Tab, Tabs } from './engine.ts';

/**
 * Tabs of one browser that tests take turns in: to open one takes longer than most of what happens in it. The tests have
 * hosts of their own, so that none sees what another has stored.
 */
export function shareTabs(browser: Tabs): () => Tabs {
  const idle: Tab[] = [];
  return () => {
    const open = new Set<Tab>();
    return {
      async open() {
        const tab = idle.pop() ?? (await browser.open());
        const own = {
          ...tab,
          close() {
            open.delete(tab);
            return tab.close();
          },
        };
        open.add(tab);
        return own;
      },
      async closeAll() {
        for (const tab of open) {
          await tab.goto('about:blank');
          open.delete(tab);
          idle.push(tab);
        }
      },
    };
  };
}
