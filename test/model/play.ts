import type { Action, Sequence } from './actions.ts';
import {
  askForReferral,
  buy,
  buyAndClose,
  buyAndOpen,
  consent,
  serverReports,
  withdrawConsent,
} from './calls.ts';
import { expectInOrder } from './inOrder.ts';
import { createModel, type Model } from './model.ts';
import {
  changeNetwork,
  close,
  comeOnline,
  goBack,
  leaveForPlainPage,
  open,
  reload,
  settle,
} from './moves.ts';
import { prepare, type Scenery, type Stage } from './stage.ts';
import type { ModelTab } from './tab.ts';

/** A sequence on its way: the scenery and the model, which go through it side by side. */
export interface Play {
  scenery: Scenery;
  model: Model;
  cookies: Sequence['cookies'];
  /** By number. */
  tabs: Map<number, ModelTab>;
  startedAt: number;
  patienceMs: number;
}

/** Plays the sequence, lifts all faults, and asserts that all is as the model says. */
export async function play(stage: Stage, { cookies, actions }: Sequence, patienceMs: number): Promise<void> {
  const model = createModel({ cookies });
  await stage.tabPool.freshen();
  const scenery = await prepare(stage);
  const current: Play = { scenery, cookies, model, tabs: new Map(), startedAt: Date.now(), patienceMs };
  try {
    for (const action of actions) await perform(current, action);
    await end(current);
  } catch (error) {
    await stage.tabPool.renew();
    throw error;
  } finally {
    await stage.gate.open();
    stage.gate.free();
  }
}

/** What can't be done, as in a closed tab, isn't done: so a sequence stays one when actions are taken out. */
async function perform(play: Play, action: Action): Promise<void> {
  if (action.does === 'opens') return open(play, action.page, action.tab);
  if (action.does === 'server reports') return serverReports(play, action.bought);
  if (action.does === 'network changes') return changeNetwork(play, action);
  if (action.does === 'service goes down') {
    await changeNetwork(play, { beacon: 'drops', image: 'drops' });
    return play.scenery.gate.close();
  }
  const tab = play.tabs.get(action.tab);
  if (!tab) return;
  switch (action.does) {
    case 'buys':
      return buy(play, tab, action.bought);
    case 'buys and opens at once':
      return buyAndOpen(play, tab, action);
    case 'buys and closes at once':
      return buyAndClose(play, tab, action.bought, action.tab);
    case 'asks for the referral':
      return askForReferral(play, tab);
    case 'consents':
      return consent(play, tab);
    case 'withdraws consent':
      return withdrawConsent(play, tab);
    case 'leaves for a page without the tag':
      return leaveForPlainPage(play, tab);
    case 'reloads':
      return reload(play, tab);
    case 'goes back':
      return goBack(play, tab);
    case 'comes online':
      return comeOnline(play, tab);
    case 'closes':
      return close(play, tab, action.tab);
  }
}

/** The last tab, in which the person looks in once more when all is well again. */
const last = 3;

async function end(play: Play): Promise<void> {
  await changeNetwork(play, { beacon: 'works', image: 'works' });
  for (const tab of play.tabs.values()) await comeOnline(play, tab);
  await open(play, { beacons: 'work', storage: 'works', privacy: 'is free' }, last);
  await settle(play);
  await expectInOrder(play);
  for (const { tab } of play.tabs.values()) play.scenery.tabPool.giveBack(tab);
}
