/** The lines of a message's headers, by name in lower case. */
export class HeaderFields {
  readonly #lines = new Map<string, string[]>()

  /** @param raw alternating names and values */
  constructor(raw: readonly string[]) {
    for (let index = 0; index + 1 < raw.length; index += 2) {
      const name = (raw[index] ?? '').toLowerCase()
      const lines = this.#lines.get(name)
      if (lines === undefined) this.#lines.set(name, [raw[index + 1] ?? ''])
      else lines.push(raw[index + 1] ?? '')
    }
  }

  has(name: string): boolean {
    return this.#lines.has(name)
  }

  lines(name: string): readonly string[] {
    return this.#lines.get(name) ?? []
  }

  /** All lines as one list; undefined without the header. */
  joined(name: string): string | undefined {
    return this.#lines.get(name)?.join(', ')
  }

  /** The value of a header that must have one line; null if it has none or several. */
  single(name: string): string | null {
    const [line, ...others] = this.lines(name)
    return line === undefined || others.length > 0 ? null : line.trim()
  }
}
