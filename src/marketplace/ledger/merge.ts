import { type Level, levels } from '../../wire/fields.ts';
import { areSameAmounts } from '../../wire/money.ts';
import {
  type Copy,
  type CopyRecord,
  type DetailName,
  type Details,
  detailNames,
  type IgnoredFields,
  isProven,
  isStronger,
  type MergedCopies,
  type Part,
  type Spelling,
} from './tracking.ts';

/** A row as its first copy makes it: what merging the copy into nothing would give, in a fraction of the time. */
export function firstCopy(copy: Copy): MergedCopies {
  const [first, ...others] = copy.parts;
  if (!first) return { details: {}, trust: 'unsigned', copies: [] };
  const { trust, details } = first;
  const record: CopyRecord = {
    trust,
    via: copy.via,
    receivedAt: copy.receivedAt,
    said: detailNames.filter((name) => details[name] !== undefined),
    ...(copy.isBot && { bot: true }),
    ...(copy.spelling && { spelling: copy.spelling }),
    ...(copy.ignored && { ignored: copy.ignored }),
  };
  const row: MergedCopies = { details, trust, copies: [record] };
  return others.reduce<MergedCopies>((merged, part) => mergePart(merged, part, besides(copy)), row);
}

/** What has become of a row by one more copy. */
export interface Merging {
  /** The same object when the copy adds nothing, which spares the write. */
  row: MergedCopies;
  /** The copy names another amount or currency than the row, without being stronger than who said that. */
  isConflict: boolean;
}

/**
 * The row with one more copy in it. A field that the row lacks is filled by any copy; a field that it has is
 * replaced by a strictly stronger copy only, so nobody can spoil a purchase by guessing its order id first. A copy that
 * conflicts still fills what is lacking: had it come before the stronger one, it would have done so.
 */
export function mergeCopy(row: MergedCopies, copy: Copy): Merging {
  const isConflict = copy.parts.some(
    (part) => conflicts(row, part, 'amount') || conflicts(row, part, 'currency'),
  );
  const [first, ...others] = copy.parts;
  if (!first) return { row, isConflict };
  const merged = others.reduce<MergedCopies>(
    (soFar, part) => mergePart(soFar, part, besides(copy)),
    mergePart(row, first, copy),
  );
  return { row: merged, isConflict };
}

/** The row with all in it that another one holds, as if each copy of that one had been a copy of this. */
export function mergeRows(row: MergedCopies, other: MergedCopies): MergedCopies {
  return other.copies.reduce((soFar, { trust, said, bot, ...record }) => {
    const details: Details = {};
    for (const name of said) Object.assign(details, { [name]: other.details[name] });
    return mergePart(soFar, { trust, details }, { ...record, isBot: bot === true });
  }, row);
}

/** The row whose customer is now called by another id: how the old one was spelled is told no more. */
export function withoutCustomersSpelling(row: MergedCopies): MergedCopies {
  return { ...row, copies: row.copies.map(ofOtherCustomer) };
}

/** What a copy says where the row's customer is called by another id than its own: it would outlive who is forgotten. */
export function ofOtherCustomer<Carrier extends { spelling?: Spelling | undefined }>(copy: Carrier): Carrier {
  if (copy.spelling?.customerId === undefined) return copy;
  const { customerId: _other, ...spelling } = copy.spelling;
  return { ...copy, spelling: Object.keys(spelling).length > 0 ? spelling : undefined };
}

/** How far each detail of the row can be believed: as far as the copy by whose word it stands. */
export function detailLevels(row: MergedCopies): { [Name in DetailName]?: Level } {
  const found: { [Name in DetailName]?: Level } = {};
  for (const name of detailNames) {
    const level = levelOf(row, name);
    if (level) found[name] = level;
  }
  return found;
}

/** The same of one detail; undefined where the row lacks it. */
export function levelOf({ details, copies }: MergedCopies, name: DetailName): Level | undefined {
  return details[name] === undefined ? undefined : copies.find(({ said }) => said.includes(name))?.trust;
}

/** What wasn't taken of the copies, and how names and ids were spelled: the stronger copy's word stands, else the first's. */
export function asSent({ copies }: MergedCopies): { ignored: IgnoredFields; spelling: Spelling } {
  const strongestFirst = copies.toSorted(
    (one, other) => levels.indexOf(other.trust) - levels.indexOf(one.trust),
  );
  const ignored = Object.assign({}, ...strongestFirst.map((record) => record.ignored).reverse());
  return { ignored, spelling: strongestFirst[0]?.spelling ?? {} };
}

type Carried = Pick<Copy, 'via' | 'receivedAt' | 'isBot' | 'spelling' | 'ignored'>;

/** What the further parts of a copy carry: what belongs to it as a whole is told once. */
function besides({ via, receivedAt, isBot }: Copy): Carried {
  return { via, receivedAt, isBot };
}

function conflicts(row: MergedCopies, part: Part, name: 'amount' | 'currency'): boolean {
  const known = row.details[name];
  const said = part.details[name];
  if (known === undefined || said === undefined || prevails(row, part, name)) return false;
  return name === 'amount' ? !areSameAmounts(known, said) : known !== said;
}

/** Whether the row lacks the field, or has it from a weaker copy only. */
function prevails(row: MergedCopies, part: Part, name: DetailName): boolean {
  const record = row.copies.find(({ said }) => said.includes(name));
  if (record === undefined || isStronger(part.trust, record.trust)) return true;
  return name === 'purchasedAt' && record.trust === part.trust && isEarlier(part, row);
}

/**
 * Of the provider's own words on one payment, a session's and an invoice's say, the earlier time stands, whichever comes
 * first. Not of pages: anybody could move their purchases into the past.
 */
function isEarlier({ trust, details }: Part, row: MergedCopies): boolean {
  const { purchasedAt: known } = row.details;
  const { purchasedAt: said } = details;
  return isProven(trust) && known !== undefined && said !== undefined && said < known;
}

function mergePart(row: MergedCopies, part: Part, copy: Carried): MergedCopies {
  const dropped = outdatedByReferral(row, part);
  const taken = detailNames.filter(
    (name) =>
      part.details[name] !== undefined &&
      (dropped.includes(name) || prevails(row, part, name)) &&
      (!describesReferral(name) || referralStands(row, part)),
  );
  const known = row.copies.find(({ trust, via }) => trust === part.trust && via === copy.via);
  const isBot = copy.isBot && (known === undefined || known.bot === true);
  const ignored = { ...copy.ignored, ...known?.ignored };
  const spelling = { ...copy.spelling, ...known?.spelling };
  const isNews =
    taken.length > 0 ||
    isBot !== (known?.bot === true) ||
    isLonger(ignored, known?.ignored) ||
    isLonger(spelling, known?.spelling);
  if (known && !isNews) return row;

  const details: Details = { ...row.details };
  for (const name of dropped) delete details[name];
  for (const name of taken) Object.assign(details, { [name]: part.details[name] });

  const gone = [...dropped, ...taken];
  const left = (said: readonly DetailName[]) => said.filter((name) => !gone.includes(name));
  const record: CopyRecord = {
    trust: part.trust,
    via: copy.via,
    receivedAt: known?.receivedAt ?? copy.receivedAt,
    said: [...left(known?.said ?? []), ...taken],
    ...(isBot && { bot: true }),
    ...(isLonger(spelling) && { spelling }),
    ...(isLonger(ignored) && { ignored }),
  };
  const copies = row.copies.map((other) => (other === known ? record : { ...other, said: left(other.said) }));
  if (!known) copies.push(record);
  return { details, copies, trust: isStronger(part.trust, row.trust) ? part.trust : row.trust };
}

/** Whether it has more fields. */
function isLonger(fields: object, than: object = {}): boolean {
  return Object.keys(fields).length > Object.keys(than).length;
}

/** The source and the landing time belong to one referral: beside another one they would be false. */
function describesReferral(name: DetailName): boolean {
  return name === 'referralSource' || name === 'landedAt';
}

/** Whether the referral of the part will be the row's once the part is merged. */
function referralStands(row: MergedCopies, part: Part): boolean {
  const { referral } = part.details;
  return referral === row.details.referral || (referral !== undefined && prevails(row, part, 'referral'));
}

function outdatedByReferral(row: MergedCopies, part: Part): DetailName[] {
  const { referral } = part.details;
  const replaces = referral !== row.details.referral && referralStands(row, part);
  return replaces
    ? detailNames.filter((name) => describesReferral(name) && row.details[name] !== undefined)
    : [];
}
