import { InvalidValueError } from '../../administration/values.ts';
import type { FieldErrors } from '../../pages/fields.ts';

/** The fields of a form, as it was sent. */
export type Body = Readonly<Record<string, string>> | undefined;

/** What was entered, and what of it can't be taken, by field. */
export class Entered {
  readonly #body: NonNullable<Body>;
  readonly #errors: Record<string, string> = {};

  constructor(body: Body) {
    this.#body = body ?? {};
  }

  get errors(): FieldErrors {
    return this.#errors;
  }

  get isRight(): boolean {
    return Object.keys(this.#errors).length === 0;
  }

  /** As it was typed, without what stands around it. */
  text(name: string): string {
    return this.#body[name]?.trim() ?? '';
  }

  isChecked(name: string): boolean {
    return this.#body[name] !== undefined;
  }

  /** The field's value; undefined where it can't be taken, which is among the errors then. */
  read<Value>(name: string, take: (text: string) => Value): Value | undefined {
    try {
      return take(this.text(name));
    } catch (error) {
      if (!(error instanceof InvalidValueError)) throw error;
      this.refuse(name, error.message);
      return undefined;
    }
  }

  /** The same of a field that may be left empty. */
  readOptional<Value>(name: string, take: (text: string) => Value): Value | undefined {
    return this.text(name) === '' ? undefined : this.read(name, take);
  }

  /** A value a line. */
  readLines<Value>(name: string, take: (text: string) => Value): Value[] | undefined {
    return this.read(name, (text) =>
      text
        .split(/\s+/)
        .filter((line) => line !== '')
        .map(take),
    );
  }

  /** Says of a field what is wrong with it. */
  refuse(name: string, message: string): void {
    this.#errors[name] ??= message;
  }
}
