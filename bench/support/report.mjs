// Rows of numbers, their targets, and the table they are printed in.

/**
 * What a row promises: `faster` so many times than the peer, `within` so many times the peer's cost, or `under` a bound of
 * our own.
 *
 * @typedef {{ readonly kind: 'faster' | 'within' | 'under', readonly limit: number }} Target
 */

/**
 * A row: what was measured, our cost and the peer's, and how they compare. `costs` of a peer are null where there is only a
 * bound of our own, or where the row could not be measured.
 *
 * @typedef {object} Row
 * @property {string} work
 * @property {string} ours
 * @property {number | null} ourCost
 * @property {string} peer
 * @property {number | null} peerCost
 * @property {string} unit
 * @property {number | null} [ratio] peer's cost through ours for `faster`, ours through the peer's for `within`
 * @property {readonly [low: number, high: number]} [quartiles] between which the middle half of the rounds' ratios lies
 * @property {Target | null} target null for a row that is printed for information
 * @property {string} [note]
 */

/** @param {number} limit @returns {Target} */
export const faster = (limit) => ({ kind: 'faster', limit });

/** @param {number} limit @returns {Target} */
export const within = (limit) => ({ kind: 'within', limit });

/** @param {number} limit @returns {Target} */
export const under = (limit) => ({ kind: 'under', limit });

/**
 * Whether a row holds its promise; null when it makes none. What could not be measured does not hold.
 *
 * @param {Row} row
 */
export function isMet({ target, ratio, ourCost }) {
  if (target === null) return null;
  const measured = target.kind === 'under' ? ourCost : (ratio ?? null);
  if (measured === null) return false;
  return target.kind === 'faster' ? measured >= target.limit : measured <= target.limit;
}

/**
 * Prints the rows of a claim, and tells run.mjs about them when that started this process.
 *
 * @param {string} title
 * @param {readonly Row[]} rows
 */
export function report(title, rows) {
  const header = ['work', 'ours', 'cost', 'peer', 'cost', 'ratio', 'middle half', 'target', 'met'];
  const cells = rows.map((row) => {
    const [low, high] = row.quartiles ?? [];
    return [
      row.work,
      row.ours,
      cost(row.ourCost, row.unit),
      row.peer,
      cost(row.peerCost, row.unit),
      ratio(row),
      low === undefined || high === undefined ? '' : `${figure(low)} to ${figure(high)}`,
      describe(row),
      { true: 'yes', false: 'MISSED', null: '' }[String(isMet(row))] ?? '',
    ];
  });
  console.log(`\n${title}\n`);
  console.log(table([header, ...cells], [2, 4, 5, 6]));
  for (const { work, note } of rows) if (note !== undefined) console.log(`  ${work}: ${note}`);
  const promised = rows.filter((row) => row.target !== null);
  const missed = promised.filter((row) => !isMet(row));
  process.send?.({
    promised: promised.length,
    missed: missed.map((row) => `${row.work}, ${row.ours} against ${row.peer}: ${ratio(row)} for ${describe(row)}`),
  });
}

/**
 * The middle of the numbers, or what stands at another share of them.
 *
 * @param {readonly number[]} numbers
 * @param {number} share 0 for the least, 1 for the greatest
 */
export function median(numbers, share = 0.5) {
  const sorted = [...numbers].sort((one, other) => one - other);
  const at = share * (sorted.length - 1);
  const low = sorted[Math.floor(at)] ?? Number.NaN;
  const high = sorted[Math.ceil(at)] ?? Number.NaN;
  return low + (high - low) * (at - Math.floor(at));
}

/**
 * How our costs in a number of rounds compare with a peer's in the same rounds: the median of the rounds' ratios, which
 * bears a machine that is slower in some rounds than in others.
 *
 * @param {readonly number[]} ours
 * @param {readonly number[]} peers
 * @param {Target | null} target
 */
export function ratioOf(ours, peers, target) {
  const ratios = ours.map((own, round) => {
    const other = peers[round] ?? Number.NaN;
    return target?.kind === 'within' ? own / other : other / own;
  });
  return {
    ourCost: median(ours),
    peerCost: median(peers),
    ratio: median(ratios),
    quartiles: /** @type {const} */ ([median(ratios, 0.25), median(ratios, 0.75)]),
  };
}

/** @param {Row} row */
function ratio({ target, ratio: value, ourCost, unit }) {
  if (target?.kind === 'under') return cost(ourCost, unit);
  if (value === undefined || value === null) return '-';
  return target?.kind === 'within' ? `${figure(value)}x its cost` : `${figure(value)}x faster`;
}

/** @param {Row} row */
function describe({ target, unit }) {
  if (target === null) return '';
  if (target.kind === 'under') return `under ${target.limit} ${unit}`;
  return target.kind === 'faster' ? `${target.limit}x faster` : `within ${target.limit}x`;
}

/** @param {number | null} value @param {string} unit */
function cost(value, unit) {
  return value === null ? '-' : `${figure(value)} ${unit}`;
}

/** @param {number} value */
function figure(value) {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}

/**
 * Cells in aligned columns.
 *
 * @param {readonly (readonly string[])[]} lines
 * @param {readonly number[]} right the columns that are aligned to the right
 */
function table(lines, right) {
  const widths = (lines[0] ?? []).map((_, column) => Math.max(...lines.map((line) => line[column]?.length ?? 0)));
  const align = (/** @type {string} */ cell, /** @type {number} */ column) => {
    const width = widths[column] ?? 0;
    return right.includes(column) ? cell.padStart(width) : cell.padEnd(width);
  };
  return lines.map((line) => `  ${line.map(align).join('  ')}`.trimEnd()).join('\n');
}
