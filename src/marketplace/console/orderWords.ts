import type { Standing } from '../pages/blocks.ts';
import { adviseOn } from '../provisioning/advice.ts';
import type { Order, OrderStatus } from '../store/orders.ts';
import { pageMeans } from './means.ts';

export const statusWords: Readonly<Record<OrderStatus, { standing: Standing; text: string }>> = {
  under_way: { standing: 'plain', text: 'Being made' },
  waiting: { standing: 'wait', text: 'Sent again later' },
  needs_password: { standing: 'wait', text: 'Waits for the buyer’s password' },
  needs_attention: { standing: 'bad', text: 'Waits for you' },
  undecided: { standing: 'bad', text: 'In doubt' },
  succeeded: { standing: 'good', text: 'Account made' },
  failed: { standing: 'plain', text: 'Refused' },
};

/** What is wrong with an order, and what to do: each a sentence or more. */
export interface OrderAdvice {
  problem: string;
  steps: string[];
}

/** Undefined where nobody has to do anything. */
export function adviseOnOrder({ status, fault, attempts, failure }: Order): OrderAdvice | undefined {
  if (status === 'succeeded' || status === 'under_way') return undefined;
  if (status === 'needs_password') {
    return {
      problem: 'The buyer’s password is gone, since the service was started anew and never keeps one.',
      steps: ['The order’s page asks for it. Send the buyer there, if they have left it.'],
    };
  }
  if (status === 'failed' && !fault) {
    const said = failure?.detail ?? Object.values(failure?.errors ?? {})[0];
    return {
      problem: said === undefined ? 'The provider refused it.' : `The provider refused it: ${said}`,
      steps: [
        'The buyer was told, and can order anew. Send it once more only if the provider has changed its mind.',
      ],
    };
  }
  if (!fault) return status === 'undecided' ? findOut : undefined;
  const { problem, remedy } = adviseOn(fault, pageMeans);
  const answered = attempts.at(-1)?.status;
  return {
    problem:
      answered === undefined ? `${problem}.` : `The provider's endpoint answered ${answered}: ${problem}.`,
    steps: [remedy.endsWith('.') ? remedy : `${remedy}.`, ...goesOn(status)],
  };
}

const findOut: OrderAdvice = {
  problem: 'Nobody knows whether there is an account: the answer to the call was lost.',
  steps: [
    'Ask the provider, by the buyer’s email address or the order’s id.',
    'Where there is an account, settle the order with its customer id. Where there is none, send it once more.',
  ],
};

function goesOn(status: OrderStatus): string[] {
  if (status === 'waiting') return ['The order is sent again by itself.'];
  return [
    status === 'undecided'
      ? 'Once you know that there is no account, send the order once more.'
      : 'Once it is mended, send the order once more.',
  ];
}
