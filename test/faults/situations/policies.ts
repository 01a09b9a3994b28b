import { once, onceOfAnyLevel } from '../outcomes.ts';
import type { Theme } from '../situation.ts';
import { arriveByLink, buy, goToNextPage, land } from '../steps.ts';

const policy = (text: string) => ({ 'content-security-policy': text });

export const policies: Theme = {
  name: 'Policies of the page',
  engineDecides: true,
  situations: [
    {
      name: "the page's policy has no connect-src for the service",
      page: { headers: policy("connect-src 'self'") },
      steps: [arriveByLink, buy],
      outcome: { ...once, says: 'once; the visit is lost in some engines', visits: 'some or none' },
    },
    {
      name: "the page's policy has no img-src for the service",
      page: { headers: policy("img-src 'self' data:") },
      // No page of this site can show the proof.
      outcome: { ...once, waiting: 1 },
    },
    {
      name: "the page's policy is strict-dynamic with a nonce",
      page: { headers: policy("script-src 'nonce-n' 'strict-dynamic'; object-src 'none'; base-uri 'none'") },
    },
    {
      name: "the page's policy requires trusted types, and allows none",
      page: { headers: policy("require-trusted-types-for 'script'; trusted-types 'none'") },
    },
    {
      name: 'the page is sandboxed by its policy, with scripts only',
      page: { headers: policy('sandbox allow-scripts') },
      outcome: onceOfAnyLevel,
    },
    { name: 'Referrer-Policy is no-referrer', page: { headers: { 'referrer-policy': 'no-referrer' } } },
    {
      name: 'Referrer-Policy is no-referrer, and sendBeacon answers false',
      page: {
        headers: { 'referrer-policy': 'no-referrer' },
        before: () => {
          Navigator.prototype.sendBeacon = () => false;
        },
      },
    },
    {
      name: 'the page is isolated by COOP and COEP',
      page: {
        headers: {
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-embedder-policy': 'require-corp',
        },
      },
      steps: [land, goToNextPage, buy],
    },
  ],
};
