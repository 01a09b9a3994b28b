import type { Clock } from '../../wire/time.ts';
import { createSecret } from '../providers/secret.ts';
import type { Provider } from '../store/providers.ts';
import { adviseOn, type Means } from './advice.ts';
import { liveSecretsOf } from './call.ts';
import { faultOfConnection, faultOfStatus, isUnclear } from './fault.ts';
import { type Probe, type ProbeAnswer, probe } from './probe.ts';

/** A right endpoint refuses at once: it is slow from this share of the time on that an order may take. */
const slowShare = 0.3;
/** Signatures hold for 300 s before and after their time. */
const maxClockDifferenceMs = 60_000;

export interface CheckParts {
  provider: Pick<Provider, 'provisionUrl' | 'secrets' | 'disabled'>;
  /** How things are mended where the findings are read. */
  means: Means;
  /** Whether buyers have a form to order by. */
  hasForm: boolean;
  clock: Clock;
  timeoutMs: number;
}

export interface Finding {
  /** With a problem orders go wrong; a warning is worth a look. */
  severity: 'problem' | 'warning';
  /** Names the kind for programs. */
  code: string;
  detail: string;
  /** What the marketplace's operator does about it. */
  remedy: string;
}

export interface Check {
  findings: readonly Finding[];
  /** In the order in which they were made; none where there is nothing to call. */
  probes: readonly { signature: 'wrong' | 'right'; probe: Probe }[];
}

/**
 * Calls a provider's endpoint and says what is wrong before a buyer finds out. Nothing can be ordered by that: the first
 * call is signed wrongly, the second one, made only where the first was refused, rightly, and neither has any field.
 */
export async function checkEndpoint(parts: CheckParts): Promise<Check> {
  const { provider, means, clock, timeoutMs } = parts;
  const { provisionUrl: url } = provider;
  const settings = findInSettings(parts);
  if (!url || liveSecretsOf(provider).length === 0) return { findings: settings, probes: [] };
  const send = (secrets: readonly string[]) => probe({ url, secrets, clock, timeoutMs });

  const wrong = await send([createSecret(clock()).secret]);
  const fromWrong = findInWrong(wrong, means);
  if (!isRefusal(wrong)) {
    return { findings: [...settings, ...fromWrong], probes: [{ signature: 'wrong', probe: wrong }] };
  }
  const right = await send(liveSecretsOf(provider));
  const fromRight = findInRight(right, wrong, means);
  return {
    findings: [...settings, ...fromWrong, ...fromRight, ...findInTimes([wrong, right], timeoutMs)],
    probes: [
      { signature: 'wrong', probe: wrong },
      { signature: 'right', probe: right },
    ],
  };
}

function findInSettings({ provider, means, hasForm }: CheckParts): Finding[] {
  const { provisionUrl, disabled } = provider;
  const findings: (Finding | false)[] = [
    !provisionUrl && {
      severity: 'problem',
      code: 'no_url',
      detail: 'It has no provision URL, so there is nothing to call.',
      remedy: `Set it: ${means.setUrl}`,
    },
    liveSecretsOf(provider).length === 0 && {
      severity: 'problem',
      code: 'no_secret',
      detail: 'It has no live secret, and an order is never sent unsigned.',
      remedy: `Make one and give it to the provider: ${means.rotate}`,
    },
    disabled && {
      severity: 'warning',
      code: 'disabled',
      detail: 'The provider is disabled: it takes no orders, and those that wait go on waiting.',
      remedy: `Enable it: ${means.enable}`,
    },
    !hasForm && {
      severity: 'warning',
      code: 'no_form',
      detail: 'There is no form by which buyers could order.',
      remedy: `Make one: ${means.makeForm}`,
    },
  ];
  return findings.filter((finding) => finding !== false);
}

/** Whether the endpoint is there and has made nothing of it, so that it may be called once more. */
function isRefusal(result: Probe): boolean {
  if ('failure' in result) return false;
  const { status } = result;
  const fault = faultOfStatus(status);
  return status >= 400 && (fault === undefined || fault === 'unauthorized' || fault === 'forbidden');
}

/** 401 is right, and 403 as good. */
function findInWrong(result: Probe, means: Means): Finding[] {
  if ('failure' in result) return [findInFailure(result, means)];
  const { status } = result;
  const call = 'a call that was signed with a wrong secret';
  if (status < 300) {
    const coid =
      status === 201 && result.coid === undefined ? ' Nor can a customer id be read from that.' : '';
    return [
      {
        severity: 'problem',
        code: 'takes_anything',
        detail: `It answered ${status} to ${call}: whoever knows its address can have accounts made.${coid}`,
        remedy: 'The provider has to verify the signature before anything else, and to answer 401 otherwise.',
      },
    ];
  }
  if (!isRefusal(result)) return findInFault(result, means);
  if (status === 401 || status === 403) return [];
  const isItsFault = isUnclear(status);
  const severity = result.isAboutSignature || isItsFault ? 'warning' : 'problem';
  return [
    {
      severity,
      code: 'wrong_refusal',
      detail: `It answered ${status} to ${call}, as if the ${isItsFault ? 'server' : "buyer's entries"} were to blame.`,
      remedy: 'The provider has to answer 401, so that orders wait for its secret to be mended.',
    },
  ];
}

/** 400 and 422 are right; after another refusal of the wrong secret they tell that ours is known. */
function findInRight(result: Probe, wrong: Probe, means: Means): Finding[] {
  if ('failure' in result) return [findInFailure(result, means)];
  const { status, isAboutSignature } = result;
  if (isUnclear(status)) {
    return [
      {
        severity: isTold(wrong) ? 'warning' : 'problem',
        code: 'failing',
        detail: `It answered ${status} to a call that orders nothing, which it should refuse with 400 or 422.`,
        remedy: 'Ask the provider whether its server is well, and to refuse orders whose fields are missing.',
      },
    ];
  }
  if (faultOfStatus(status) || isAboutSignature) return findInFault(result, means);
  if (status >= 400) return isTold(wrong) ? [] : [secretUnknown];
  return [
    {
      severity: 'problem',
      code: 'orders_of_nothing',
      detail: `It answered ${status} to a call without any field, and may have made an account of it.`,
      remedy: 'The provider has to refuse that with 400 or 422. Ask whether there is an account to delete.',
    },
  ];
}

/** Whether it was said that the signature was wrong. */
function isTold(wrong: Probe): boolean {
  return 'status' in wrong && (wrong.isAboutSignature || [401, 403].includes(wrong.status));
}

const secretUnknown: Finding = {
  severity: 'warning',
  code: 'secret_unknown',
  detail: 'Whether it knows our secret cannot be told: it refuses a right signature as it does a wrong one.',
  remedy: 'Check again once it answers 401 to a wrong signature.',
};

function findInFailure({ failure }: Extract<Probe, { failure: unknown }>, means: Means): Finding {
  if (failure.stage === 'answer') {
    return {
      severity: 'problem',
      code: 'no_answer',
      detail: `It was called and there is no answer that can be read: ${failure.message}.`,
      remedy: 'Ask the provider whether its server is well.',
    };
  }
  const fault = faultOfConnection(failure);
  const { remedy } = adviseOn(fault, means);
  return {
    severity: 'problem',
    code: fault,
    detail: `Nothing can be sent to it: ${failure.message}.`,
    remedy,
  };
}

function findInFault({ status, says, location, isAboutSignature }: ProbeAnswer, means: Means): Finding[] {
  const fault = faultOfStatus(status) ?? (isAboutSignature ? 'unauthorized' : 'not_accepted');
  const { problem, remedy } = adviseOn(fault, means);
  const words = [location && ` It leads to ${location}.`, says && ` It says: “${says}”`].filter(Boolean);
  const detail = `It answered ${status}: ${problem}.${words.join('')}`;
  return [{ severity: 'problem', code: fault, detail, remedy }];
}

function findInTimes(probes: readonly Probe[], timeoutMs: number): Finding[] {
  const findings: Finding[] = [];
  const slowestMs = Math.max(...probes.map(({ tookMs }) => tookMs));
  if (slowestMs >= timeoutMs * slowShare) {
    findings.push({
      severity: 'warning',
      code: 'slow',
      detail: `It took ${(slowestMs / 1000).toFixed(1)} s to refuse a call; an order is given up after ${timeoutMs / 1000} s.`,
      remedy: 'Ask the provider what takes so long.',
    });
  }
  const differenceMs = probes
    .flatMap((result) => ('status' in result ? (result.clockDifferenceMs ?? []) : []))
    .find((known) => Math.abs(known) > maxClockDifferenceMs);
  if (differenceMs !== undefined) {
    const direction = differenceMs > 0 ? 'ahead of' : 'behind';
    findings.push({
      severity: 'warning',
      code: 'clock',
      detail: `Its clock is ${Math.round(Math.abs(differenceMs) / 1000)} s ${direction} ours; a signature holds for 300 s.`,
      remedy: 'Set whichever of the two is wrong.',
    });
  }
  return findings;
}
