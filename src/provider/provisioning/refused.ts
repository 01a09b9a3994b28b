import type { AccountField } from './account.ts';

export interface RefusalOptions {
  /** 400 to 499; default 400. Not 408 and 429, which the marketplace takes for "try again". */
  status?: number | undefined;
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
   * @throws RangeError when the status isn't one of a refusal
   */
  constructor(message: string, { status = 400, errors = {} }: RefusalOptions = {}) {
    super(message);
    if (!(Number.isInteger(status) && status >= 400 && status < 500) || status === 408 || status === 429) {
      throw new RangeError('A refusal has a status from 400 to 499, but not 408 or 429.');
    }
    this.status = status;
    this.errors = errors;
  }
}
