/**
 * User data of machines: a vendor's template with the buyer's values and Slipway's own JSON put into it.
 *
 * What a buyer gives must stay a value, wherever the vendor's template puts it: in YAML, in a shell script, between quotes of either
 * kind or none. So nothing is quoted to suit a context that we would have to guess; each form of placeholder writes characters that
 * end nothing anywhere:
 *
 * - `{{name}}`: the value as it is. Only letters, digits and `. _ / + = @ : -` are taken, beginning with a letter, a digit or `/` and
 *   not ending with `:`, which would make a YAML key of it.
 * - `{{name|json}}`: any text without characters beyond U+FFFF, which YAML writes otherwise than JSON, as a double-quoted literal in which all but letters, digits and `. _ / + @ -` are `\uXXXX`:
 *   the same string to JSON and YAML, quotes included.
 * - `{{name|base64}}`: any text, in base64: for `encoding: b64` of cloud-init's write_files, and for `base64 -d`.
 *
 * `{{slipway}}` (with the same forms) is Slipway's own JSON. A template that does not name it gets it as a comment in its last line.
 */
import { DomainError } from './errors.ts';

/** What EC2 takes, before it is encoded (EC2 user guide, "Run commands at launch"). */
export const USER_DATA_BYTES = 16_384;

const OWN = 'slipway';
const PLACEHOLDER = /\{\{([^{}]*)\}\}/g;
const WORDS = /^\s*([a-z][a-z0-9_]{0,39})\s*(?:\|\s*(json|base64)\s*)?$/;
const SURROGATE = /[\ud800-\udfff]/;
const PLAIN = /^[A-Za-z0-9/]([A-Za-z0-9._/+=@:-]*[A-Za-z0-9._/+=@-])?$/;
/** How user data may begin that takes a comment of `#` in its last line: a script, or cloud-init's configuration. */
const TAKES_COMMENT = /^#(!|cloud-config\s*\n)/;

type Form = 'plain' | 'json' | 'base64';

interface Placeholder {
  name: string;
  form: Form;
}

/** The settings that a buyer has to give: the names in a template, each once, in their order. */
export const settingsOf = (template: string | null): string[] => [
  ...new Set(
    placeholdersIn(template ?? '')
      .map(({ name }) => name)
      .filter((name) => name !== OWN),
  ),
];

/** Why a vendor's template cannot be used, as a sentence; null when it can. */
export function problemOfTemplate(template: string): string | null {
  const [odd] = [...template.matchAll(PLACEHOLDER)].filter(([, inside]) => !WORDS.test(inside!));
  if (odd)
    return `"${odd[0]}" is no placeholder: write {{name}}, {{name|json}} or {{name|base64}}, with a name of a-z, 0-9 and _.`;
  if (!placeholdersIn(template).some(({ name }) => name === OWN) && !TAKES_COMMENT.test(template))
    return 'It has to begin with "#!" or "#cloud-config", or to say with {{slipway}} where Slipway\'s own settings go.';
  return bytesOf(template) > USER_DATA_BYTES ? `It is longer than the ${USER_DATA_BYTES} bytes that EC2 takes.` : null;
}

/**
 * What a machine gets as user data.
 * @param values the buyer's, by setting.
 * @param slipway what the machine has to know of Slipway.
 * @throws DomainError `invalid` naming each setting that is missing, unknown or not what its placeholder takes, or when all together is
 *   longer than EC2 takes.
 */
export function renderUserData(template: string | null, values: Record<string, string>, slipway: object): string {
  const own = JSON.stringify({ slipway });
  const placeholders = placeholdersIn(template ?? '');
  refuse(problemsOf(placeholders, values));
  const text = template === null ? own : withValues(template, { ...values, [OWN]: own });
  const isToldOf = template === null || placeholders.some(({ name }) => name === OWN);
  const whole = isToldOf ? text : `${text}${text.endsWith('\n') ? '' : '\n'}# ${own}\n`;
  const bytes = bytesOf(whole);
  if (bytes > USER_DATA_BYTES)
    refuse([
      { path: 'userData', message: `makes user data of ${bytes} bytes; EC2 takes ${USER_DATA_BYTES}, so give shorter values` },
    ]);
  return whole;
}

function placeholdersIn(template: string): Placeholder[] {
  return [...template.matchAll(PLACEHOLDER)].flatMap(([, inside]) => {
    const [, name, form] = WORDS.exec(inside!) ?? [];
    return name === undefined ? [] : [{ name, form: (form ?? 'plain') as Form }];
  });
}

function problemsOf(placeholders: Placeholder[], values: Record<string, string>): Problem[] {
  const wanted = new Set(placeholders.map(({ name }) => name).filter((name) => name !== OWN));
  const problem = (name: string, message: string): Problem => ({ path: `userData.${name}`, message });
  const named = (form: Form): Set<string> => new Set(placeholders.filter((one) => one.form === form).map(({ name }) => name));
  const [plain, json] = [named('plain'), named('json')];
  const unfit = (name: string, value: string): string | undefined => {
    if (!wanted.has(name)) return `is not a setting of this product; it has ${[...wanted].join(', ') || 'none'}`;
    if (plain.has(name) && !PLAIN.test(value))
      return 'may hold letters, digits and . _ / + = @ : - only, and begins with a letter, a digit or /';
    if (value.includes('\u0000') || !value.isWellFormed()) return 'holds what is not text';
    return json.has(name) && SURROGATE.test(value) ? 'may not hold emoji or other characters beyond U+FFFF' : undefined;
  };
  return [
    ...[...wanted].filter((name) => !Object.hasOwn(values, name)).map((name) => problem(name, 'is missing')),
    ...Object.entries(values).flatMap(([name, value]) => {
      const message = unfit(name, value);
      return message === undefined ? [] : [problem(name, message)];
    }),
  ];
}

type Problem = { path: string; message: string };

function refuse(problems: Problem[]): void {
  if (problems.length === 0) return;
  const detail = problems.map(({ path, message }) => `${path}: ${message}`).join('; ');
  throw new DomainError('invalid', 'invalid_user_data', detail, problems);
}

const withValues = (template: string, values: Record<string, string>): string =>
  template.replaceAll(PLACEHOLDER, (whole, inside: string) => {
    const [, name, form = 'plain'] = WORDS.exec(inside) ?? [];
    return name === undefined ? whole : WRITTEN[form as Form](values[name]!);
  });

const WRITTEN: Record<Form, (value: string) => string> = {
  plain: (value) => value,
  json: (value) =>
    `"${value.replaceAll(/[^A-Za-z0-9._/+@-]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`)}"`,
  base64: (value) => base64(new TextEncoder().encode(value)),
};

const base64 = (bytes: Uint8Array): string => btoa(String.fromCodePoint(...bytes));
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
