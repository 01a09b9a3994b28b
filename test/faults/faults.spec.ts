import { engineNames } from '../engines/engine.ts';
import { test } from './fixtures.ts';
import { play } from './play.ts';
import { table } from './table.ts';

for (const theme of table) {
  test.describe(theme.name, () => {
    for (const situation of theme.situations) {
      const details = { tag: theme.engineDecides || situation.engineDecides ? '@engine' : [] };
      test(situation.name, details, async ({ openScene }, { project }) => {
        const engine = engineNames.find((name) => name === project.name);
        test.skip(Boolean(engine && situation.cannot?.[engine]), engine && situation.cannot?.[engine]);
        const { page, keptPages = false } = situation;
        await play(await openScene(page, { keptPages }), situation);
      });
    }
  });
}
