import { escapeControls } from '../../wire/text.ts';
import { type Html, html } from './html.ts';

/** What is wrong with what was entered, by field. */
export type FieldErrors = Readonly<Record<string, string>>;

interface Common {
  /** Also its id in the page. */
  name: string;
  label: string;
  hint?: string | Html | undefined;
  error?: string | undefined;
}

export interface TextField extends Common {
  value?: string | undefined;
  type?: 'text' | 'url' | 'date' | 'number' | 'password' | 'search' | 'file';
  required?: boolean;
  /** As many lines, where it takes several. */
  lines?: number;
  autocomplete?: string;
  maxLength?: number;
  /** What a file may be, as `accept` takes it. */
  accept?: string;
  /** For names and addresses, which no one's dictionary has. */
  isCode?: boolean;
}

/** A field for text, with its label, and its error where it has one. */
export function textField(field: TextField): Html {
  const { name, value, type = 'text', required, lines, autocomplete, maxLength, accept, isCode } = field;
  const attributes = html` id="${name}" name="${name}"${required && html` required`}${
    autocomplete !== undefined && html` autocomplete="${autocomplete}"`
  }${maxLength !== undefined && html` maxlength="${maxLength}"`}${
    isCode && html` autocapitalize="none" spellcheck="false" class="code"`
  }${described(field)}`;
  const control =
    lines === undefined
      ? html`<input type="${type}"${attributes}${accept !== undefined && html` accept="${accept}"`}${
          value !== undefined && type !== 'file' && html` value="${value}"`
        }>`
      : html`<textarea rows="${lines}"${attributes}>
${value}</textarea>`;
  return withLabel(field, control);
}

export interface ChoiceField extends Common {
  value?: string | undefined;
  choices: readonly { value: string; text: string }[];
}

/** A field that takes one of a few. */
export function choiceField(field: ChoiceField): Html {
  const { name, value, choices } = field;
  const options = choices.map(
    (choice) =>
      html`<option value="${choice.value}"${choice.value === value && html` selected`}>${escapeControls(choice.text)}</option>`,
  );
  return withLabel(field, html`<select id="${name}" name="${name}"${described(field)}>${options}</select>`);
}

export interface CheckField extends Common {
  isChecked: boolean;
  /** What it says where several have one name; `yes` otherwise. */
  value?: string;
  /** Its id, where several have one name. */
  id?: string;
}

/** A box to tick. */
export function checkField(field: CheckField): Html {
  const { name, label, hint, error, isChecked, value = 'yes', id = name } = field;
  const control = html`<input type="checkbox" id="${id}" name="${name}" value="${value}"${isChecked && html` checked`}${described({ name: id, hint, error })}>`;
  return html`<div class="field check">${control}
<label for="${id}">${label}</label>
${notes({ name: id, hint, error })}</div>
`;
}

/** What has to be mended, each with a link to its field; it gets the focus, so that it is read first. */
export function errorSummary(errors: FieldErrors, text?: string): Html | undefined {
  const entries = Object.entries(errors);
  if (entries.length === 0 && text === undefined) return undefined;
  return html`<div class="notice bad" role="alert" tabindex="-1" autofocus>
<h2>There is a problem</h2>
${text !== undefined && html`<p>${text}</p>`}
${entries.length > 0 && html`<ul>${entries.map(([name, error]) => html`<li><a href="#${name}">${error}</a></li>`)}</ul>`}
</div>
`;
}

function withLabel(field: Common, control: Html): Html {
  return html`<div class="field">
<label for="${field.name}">${field.label}</label>
${notes(field)}${control}
</div>
`;
}

type Noted = Pick<Common, 'name' | 'hint' | 'error'>;

function notes({ name, hint, error }: Noted): Html {
  return html`${hint !== undefined && html`<p class="hint" id="${name}-hint">${hint}</p>\n`}${
    error !== undefined && html`<p class="error" id="${name}-error">${error}</p>\n`
  }`;
}

function described({ name, hint, error }: Noted): Html {
  const ids = [hint !== undefined && `${name}-hint`, error !== undefined && `${name}-error`].filter(Boolean);
  return html`${ids.length > 0 && html` aria-describedby="${ids.join(' ')}"`}${error !== undefined && html` aria-invalid="true"`}`;
}
