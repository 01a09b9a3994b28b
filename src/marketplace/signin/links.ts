import { dayMs } from '../../wire/fields.ts';
import { createRandomKey, hashOfKey } from '../operators/token.ts';
import { unlessTaken } from '../store/errors.ts';
import type { Operator, OperatorStore } from '../store/operators.ts';
import type { Provider } from '../store/providers.ts';
import type { Capability } from '../store/schema.ts';
import type { SignInLinkStore } from '../store/signInLinks.ts';

/** How long an operator's link can be used. */
export const operatorLinkMs = dayMs;

/** Makes a link for the operator; returns its path, without a slash before it. */
export async function makeOperatorLink(
  store: SignInLinkStore,
  { id: operatorId }: Pick<Operator, 'id'>,
  now: number,
): Promise<string> {
  const token = createRandomKey();
  await store.addSignInLink({
    hash: hashOfKey(token),
    owner: { operatorId },
    can: [],
    expiresAt: now + operatorLinkMs,
  });
  return `console/sign-in/${token}`;
}

/** Makes a link for the provider; returns its path, without a slash before it. */
export async function makeProviderLink(
  store: SignInLinkStore,
  { id: providerId }: Pick<Provider, 'id'>,
  { can, expiresAt }: { can: readonly Capability[]; expiresAt: number },
): Promise<string> {
  const token = createRandomKey();
  await store.addSignInLink({ hash: hashOfKey(token), owner: { providerId }, can, expiresAt });
  return `provider/sign-in/${token}`;
}

/** Who is there from the beginning. */
const firstOperator = 'owner';

/**
 * Makes a link for the first operator, as long as nobody has ever signed in: who starts the service for the first time, or
 * again since the link is gone, needs nothing else to look at it. An operator that was added by a command has its own.
 *
 * @returns the link's path; undefined where there are operators who know how to sign in
 */
export async function offerFirstSignIn(
  store: OperatorStore & SignInLinkStore,
  now: number,
): Promise<string | undefined> {
  const operators = await store.listOperators();
  if (operators.some(({ signedInAt }) => signedInAt !== undefined)) return undefined;
  // Of instances that start together, one makes it.
  if (operators.length === 0)
    await store.addOperator({ name: firstOperator, createdAt: now }).catch(unlessTaken);
  const owner = await store.findOperator(firstOperator);
  return owner && (await makeOperatorLink(store, owner, now));
}
