import { engineNames } from '../engines/engine.ts';
import { test } from './fixtures.ts';
import { play } from './play.ts';
import { table } from './table.ts';

for (const { name: theme, situations } of table) {
  test.describe(theme, () => {
    for (const situation of situations) {
      test(situation.name, async ({ openScene }, { project }) => {
        const engine = engineNames.find((name) => name === project.name);
        test.skip(Boolean(engine && situation.cannot?.[engine]), engine && situation.cannot?.[engine]);
        await play(await openScene(situation.page), situation);
      });
    }
  });
}
