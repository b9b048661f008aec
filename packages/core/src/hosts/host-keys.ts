/**
 * The most labels that a pattern of hosts has after its `*`. It bounds a lookup: a host has at most one key of its own and
 * one pattern for each number of labels.
 */
export const HOST_PATTERN_LABELS_MAX = 10

/**
 * Values by host, and by patterns such as `*.example.com` for all hosts below a name: one or more labels in place of the `*`. A
 * lookup takes as many steps as the longest pattern has labels, however long the host is.
 */
export class HostKeys<Value> {
  readonly #values: ReadonlyMap<string, Value>
  /** How many labels the longest pattern has after its `*`. */
  readonly #labelsMax: number

  /** @param values by hosts and patterns in lower case without a final dot */
  constructor(values: ReadonlyMap<string, Value>) {
    this.#values = values
    this.#labelsMax = 0
    for (const key of values.keys()) {
      if (key.startsWith('*')) this.#labelsMax = Math.max(this.#labelsMax, key.split('.').length - 1)
    }
  }

  /** The values by key, as given. */
  get all(): ReadonlyMap<string, Value> {
    return this.#values
  }

  /**
   * The key that counts for a host: itself, or the longest pattern.
   *
   * @param host may be a pattern, which those with the same or a shorter end match
   */
  keyOf(host: string): string | undefined {
    if (this.#values.has(host)) return host
    let found: string | undefined
    for (const key of this.#patternsOf(host)) if (this.#values.has(key)) found = key
    return found
  }

  /** All keys that match a host, the one that counts first. */
  keysOf(host: string): string[] {
    const keys = new Set(this.#values.has(host) ? [host] : [])
    for (const key of [...this.#patternsOf(host)].toReversed()) if (this.#values.has(key)) keys.add(key)
    return [...keys]
  }

  /** The patterns that can match a host, the shortest one first. */
  *#patternsOf(host: string): Iterable<string> {
    let dot = host.length
    for (let labels = 0; labels < this.#labelsMax; labels += 1) {
      dot = host.lastIndexOf('.', dot - 1)
      if (dot <= 0) return
      yield `*${host.slice(dot)}`
    }
  }
}

/** Whether a host is the one of a key, or one that its pattern stands for. */
export function matchesHost(key: string, host: string): boolean {
  return key === host || (key.startsWith('*') && host.length >= key.length && host.endsWith(key.slice(1)))
}

/**
 * Whether requests that two hosts of triggers have in common are answered by the first one's routes.
 *
 * @param host a host, a pattern, or the empty text for any host, see `hostsOf`
 */
export function isPreferredHost(host: string, other: string): boolean {
  return host !== '' && host !== other && (other === '' || matchesHost(other, host))
}
