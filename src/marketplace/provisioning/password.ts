import { inspect } from 'node:util';

const hidden = '[redacted]';

/** A buyer's password on its way to the provider. Only `reveal` shows it: text, JSON and inspection don't. */
export class Password {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  /** The password itself, to be sent and nothing else. */
  reveal(): string {
    return this.#value;
  }

  /** The text without the password. To be called before a text is cut, lest half of it stays. */
  redact(text: string): string {
    return text.replaceAll(this.#value, hidden);
  }

  /** Whether the text is the password or shows it; a short one can be part of any text by accident. */
  isShownBy(text: string): boolean {
    return (
      text === this.#value || (this.#value.length >= minRecognizableLength && text.includes(this.#value))
    );
  }

  toString(): string {
    return hidden;
  }

  toJSON(): string {
    return hidden;
  }

  [inspect.custom](): string {
    return hidden;
  }
}

const minRecognizableLength = 6;
