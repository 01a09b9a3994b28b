import { attributionWindowMs, dayMs, type Verdict } from '../../../wire/fields.ts';
import { type Html, html } from '../../pages/html.ts';
import { said } from '../../pages/said.ts';
import { sayDuration } from '../../pages/words.ts';

/** What a verdict is about. */
export interface Judged {
  verdict: Verdict;
  referral?: string | undefined;
  listing?: string | undefined;
  campaign?: string | undefined;
  /** When it happened, and when the visitor came: by the click, or else by what the page said. */
  happenedAt?: number | undefined;
  cameAt?: number | undefined;
}

export interface Answer {
  /** Whether it counts as the marketplace's, and why, in a sentence. */
  why: Html;
  /** What may be behind it, and what to change; undefined where all is well. */
  whatToDo?: Html | undefined;
}

const attributionDays = attributionWindowMs / dayMs;

/** The answer to "why was this (not) attributed?". */
export function explainVerdict(judged: Judged): Answer {
  return answers[judged.verdict](judged);
}

/** The answer to the same of what came by a referral that its provider's page had made for tests. */
export function explainTest(isTest: boolean): Answer {
  if (isTest)
    return {
      why: html`<strong>A test.</strong> It came by a referral that the provider’s page made for tests. It is shown, and counted nowhere.`,
    };
  return {
    why: html`<strong>Not attributed.</strong> It came by a referral that the provider’s page made for tests, after its hour was over.`,
    whatToDo: html`What comes after the hour is counted like anything else. Each test needs a test referral of its own.`,
  };
}

const answers: Readonly<Record<Verdict, (judged: Judged) => Answer>> = {
  listing: (judged) => ({
    why: html`<strong>Attributed.</strong> The visitor came by ${
      judged.listing === undefined
        ? 'a link of the marketplace, whose click is not here'
        : html`the marketplace’s link ${said(judged.listing)}`
    }${judged.campaign !== undefined && html`, campaign ${said(judged.campaign)}`}${before(judged)}.`,
  }),
  host: (judged) => ({
    why: html`<strong>Attributed.</strong> The visitor came from a page of the marketplace, ${said(judged.referral ?? '')}${before(judged)}, by a
link that doesn’t lead through <code>/go/</code>. So no listing and no campaign are known.`,
  }),
  foreign: (judged) => ({
    why: html`<strong>Not attributed.</strong> Its referral ${id(judged)} was minted by the marketplace’s link for another provider.`,
    whatToDo: html`Either somebody handed a link on, or the provider’s pages pass referrals on that are meant for another site.
They should send the one that the pixel keeps under their own partner key.`,
  }),
  unknown: (judged) => ({
    why: html`<strong>Not attributed.</strong> No link of the marketplace ever minted its referral ${id(judged)}.`,
    whatToDo: html`A link was written by hand, or something else uses the same parameter. Let links lead through
<code>/go/</code> and the listing’s name: each click then has an id of its own.`,
  }),
  expired: (judged) => ({
    why: html`<strong>Not attributed.</strong> The visitor came too long ago${before(judged)}; ${attributionDays} days count.`,
  }),
  server: () => ({
    why: html`<strong>Not attributed.</strong> Only the provider’s server has reported it, without a referral, and no page has.`,
    whatToDo: html`If the visitor came from the marketplace, the page’s copy got lost or names another order: the tag is missing on the
thank-you page, a blocker stopped it, or page and server use different order ids. The server can send the referral
itself: <code>onrampTrack('referral')</code> gives it to a hidden field of the form.`,
  }),
  none: () => ({
    why: html`<strong>Not attributed.</strong> A page has reported it, and no copy has a referral.`,
    whatToDo: html`The visitor didn’t come by a link of the marketplace, or came in another browser, or the landing page lacks the tag,
so that nothing was kept. Open the landing page with <code>?onramp_debug</code> to see what it keeps.`,
  }),
};

function id({ referral = '' }: Judged): Html {
  return html`<code class="id">${said(referral)}</code>`;
}

function before({ happenedAt, cameAt }: Judged): Html | undefined {
  if (happenedAt === undefined || cameAt === undefined || cameAt > happenedAt) return undefined;
  return html`, ${sayDuration(happenedAt - cameAt)} before`;
}
