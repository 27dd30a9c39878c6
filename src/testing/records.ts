import { checkText } from './arguments.js';
import { foldName, parentName } from './name.js';
import { type Resource, toResource, type ZoneRecord } from './record.js';
import { canonicalType, type RecordTypeName } from './record-type.js';

/** The records of one name, by their type. */
type Node = Map<RecordTypeName, Resource[]>;

/** What the server knows. May be changed while it runs: the next question is answered from the new records. */
export interface ZoneRecords extends Iterable<ZoneRecord> {
  /** How many there are. */
  readonly size: number;

  /**
   * Adds records, in the order in which they will be answered. One that is there already is there twice.
   *
   * @throws {ZoneRecordError} and adds none
   */
  add(...records: readonly ZoneRecord[]): this;

  /**
   * Removes the records of a name, or those of one type of it, and returns how many there were.
   *
   * @throws {TypeError} for a name that is no text; {RangeError} for what is no record type
   */
  remove(name: string, type?: RecordTypeName): number;

  /**
   * Puts these records in the place of those with the same name and type.
   *
   * @throws {ZoneRecordError} and changes nothing
   */
  replace(...records: readonly ZoneRecord[]): this;

  /** Forgets all records. */
  clear(): void;
}

/** The records by name, with what lies below each. */
export class RecordTree implements ZoneRecords {
  readonly #nodes = new Map<string, Node>();
  /** How many names with records lie below a name: one that is above another exists (RFC 8020). */
  readonly #below = new Map<string, number>();

  add(...records: readonly ZoneRecord[]): this {
    for (const resource of records.map(toResource)) this.#insert(resource);
    return this;
  }

  remove(name: string, type?: RecordTypeName): number {
    checkText('name', name, 'the name of records');
    const wanted = type === undefined ? null : canonicalType(type);
    const key = foldName(name);
    const node = this.#nodes.get(key);
    if (node === undefined) return 0;
    const types = wanted === null ? [...node.keys()] : [wanted];
    let removed = 0;
    for (const each of types) {
      removed += node.get(each)?.length ?? 0;
      node.delete(each);
    }
    if (node.size === 0) {
      this.#nodes.delete(key);
      this.#countAbove(key, -1);
    }
    return removed;
  }

  replace(...records: readonly ZoneRecord[]): this {
    const resources = records.map(toResource);
    for (const { name, type } of resources) this.remove(name, type);
    for (const resource of resources) this.#insert(resource);
    return this;
  }

  clear(): void {
    this.#nodes.clear();
    this.#below.clear();
  }

  get size(): number {
    return [...this].length;
  }

  *[Symbol.iterator](): Generator<ZoneRecord> {
    for (const node of this.#nodes.values()) {
      for (const resources of node.values()) for (const { record } of resources) yield record;
    }
  }

  /** Whether the name has records, or one below it has. */
  exists(key: string): boolean {
    return this.#nodes.has(key) || this.#below.has(key);
  }

  /**
   * The records of a name by type; without any of its own, those of the wildcard that covers it (RFC 4592 section 3.3.1).
   * `null` when there are none.
   */
  at(key: string): ReadonlyMap<RecordTypeName, readonly Resource[]> | null {
    if (this.exists(key)) return this.#nodes.get(key) ?? null;
    let encloser = parentName(key);
    while (encloser !== null && encloser !== '.' && !this.exists(encloser)) encloser = parentName(encloser);
    if (encloser === null) return null;
    return this.#nodes.get(encloser === '.' ? '*' : `*.${encloser}`) ?? null;
  }

  /** The SOA that a negative answer about the name carries (RFC 2308 section 3), or `null`. */
  authority(key: string): Resource | null {
    for (let name: string | null = key; name !== null; name = parentName(name)) {
      const soa = this.#nodes.get(name)?.get('SOA')?.[0];
      if (soa !== undefined) return soa;
    }
    return null;
  }

  #insert(resource: Resource): void {
    const key = foldName(resource.name);
    let node = this.#nodes.get(key);
    if (node === undefined) {
      node = new Map();
      this.#nodes.set(key, node);
      this.#countAbove(key, 1);
    }
    const resources = node.get(resource.type);
    if (resources === undefined) node.set(resource.type, [resource]);
    else resources.push(resource);
  }

  #countAbove(key: string, change: 1 | -1): void {
    for (let name = parentName(key); name !== null; name = parentName(name)) {
      const count = (this.#below.get(name) ?? 0) + change;
      if (count === 0) this.#below.delete(name);
      else this.#below.set(name, count);
    }
  }
}
