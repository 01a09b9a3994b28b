/** Text that is HTML already, so that it isn't escaped again. */
export interface Html {
  readonly html: string;
}

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Builds HTML from a template; every value is escaped, unless it is Html itself. */
export function html(parts: TemplateStringsArray, ...values: (string | number | Html | Html[])[]): Html {
  return { html: String.raw({ raw: parts }, ...values.map(toHtml)) };
}

function toHtml(value: string | number | Html | Html[]): string {
  if (Array.isArray(value)) return value.map(toHtml).join('');
  if (typeof value === 'object') return value.html;
  return String(value).replace(/[&<>"']/g, (character) => entities[character] ?? character);
}

/** A value as JSON that can stand inside a script element: no "<" may end it early. */
export function scriptJson(value: unknown): Html {
  return { html: JSON.stringify(value).replaceAll('<', '\\u003c') };
}
