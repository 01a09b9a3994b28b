import {
  type Copy,
  type CopyRecord,
  type DetailName,
  type Details,
  detailNames,
  isStronger,
  type MergedCopies,
  type Part,
} from './tracking.ts';

/** Thrown by mergeCopy for a copy that conflicts with the row without being stronger; the row stays as it is. */
export class ConflictError extends Error {}

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
  };
  const row: MergedCopies = { details, trust, copies: [record] };
  return others.reduce<MergedCopies>((merged, part) => mergePart(merged, part, copy), row);
}

/**
 * The row with one more copy in it. A field that the row lacks is filled by any copy; a field that it has is
 * replaced by a strictly stronger copy only, so nobody can spoil a purchase by guessing its order id first.
 * Returns the same object when the copy adds nothing, which spares the write.
 *
 * @throws ConflictError when amount or currency differs and the copy is no stronger than who said it
 */
export function mergeCopy(row: MergedCopies, copy: Copy): MergedCopies {
  for (const part of copy.parts) {
    for (const name of ['amount', 'currency'] as const) {
      if (conflicts(row, part, name)) {
        throw new ConflictError(`The ${name} differs from the one on record.`);
      }
    }
  }
  return copy.parts.reduce<MergedCopies>((merged, part) => mergePart(merged, part, copy), row);
}

function conflicts(row: MergedCopies, part: Part, name: DetailName): boolean {
  const known = row.details[name];
  const said = part.details[name];
  return known !== undefined && said !== undefined && said !== known && !prevails(row, part, name);
}

/** Whether the row lacks the field, or has it from a weaker copy only. */
function prevails(row: MergedCopies, part: Part, name: DetailName): boolean {
  const record = row.copies.find(({ said }) => said.includes(name));
  return record === undefined || isStronger(part.trust, record.trust);
}

function mergePart(row: MergedCopies, part: Part, copy: Copy): MergedCopies {
  const dropped = outdatedByReferral(row, part);
  const taken = detailNames.filter(
    (name) =>
      part.details[name] !== undefined &&
      (dropped.includes(name) || prevails(row, part, name)) &&
      (!describesReferral(name) || referralStands(row, part)),
  );
  const known = row.copies.find(({ trust, via }) => trust === part.trust && via === copy.via);
  const isBot = copy.isBot && (known === undefined || known.bot === true);
  if (known && taken.length === 0 && isBot === (known.bot === true)) return row;

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
  };
  const copies = row.copies.map((other) => (other === known ? record : { ...other, said: left(other.said) }));
  if (!known) copies.push(record);
  return { details, copies, trust: isStronger(part.trust, row.trust) ? part.trust : row.trust };
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
