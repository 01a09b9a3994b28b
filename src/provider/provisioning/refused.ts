import type { AccountField } from './account.ts';

/** The statuses whose words reach the buyer; the marketplace takes all others for its own business, or yours. */
const statuses = [400, 409, 422] as const;

export interface RefusalOptions {
  /** 409, for example, where there is an account; default 400. */
  status?: (typeof statuses)[number] | undefined;
  /** What is wrong with which field, for the buyer to mend it. */
  errors?: Partial<Record<AccountField, string>> | undefined;
}

/**
 * Thrown by `provision` where no account can be made, ever: the marketplace shows the message to the buyer and doesn't
 * call again. For what may work later, throw anything else.
 */
export class ProvisionRefused extends Error {
  override readonly name = 'ProvisionRefused';
  readonly status: number;
  readonly errors: Readonly<Partial<Record<AccountField, string>>>;

  /**
   * @param message for the buyer: never with the password, or anything that is not for their eyes
   * @throws RangeError when the status is one that the buyer never hears of
   */
  constructor(message: string, { status = 400, errors = {} }: RefusalOptions = {}) {
    super(message);
    if (!statuses.includes(status)) {
      throw new RangeError(
        'A refusal has the status 400, 409 or 422: what has another never reaches the buyer.',
      );
    }
    this.status = status;
    this.errors = errors;
  }
}
