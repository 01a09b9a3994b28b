const redacted = '[redacted]';

/** A password that no log, template, JSON or debugger's print shows; only `reveal()` gives it. */
export class Password {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The password: hash it at once, and keep only the hash. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return redacted;
  }

  toJSON(): string {
    return redacted;
  }

  /** What Node's console and util.inspect ask for. */
  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return redacted;
  }
}
