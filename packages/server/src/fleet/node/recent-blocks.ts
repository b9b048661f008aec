import type { Position } from '../../sync/cell-writer.ts'
import type { ChangesBlock } from './block-writer.ts'

/** What is kept at most, in bytes. */
const BYTES_MAX = 32 * 1024 * 1024

/** The newest changes as blocks, by the position that each follows. */
export class RecentBlocks {
  readonly #blocks = new Map<string, ChangesBlock>()
  #bytes = 0

  add(block: ChangesBlock): void {
    this.#blocks.set(nameOf(block.from), block)
    this.#bytes += block.bytes.length
    for (const [name, oldest] of this.#blocks) {
      if (this.#bytes <= BYTES_MAX) break
      this.#blocks.delete(name)
      this.#bytes -= oldest.bytes.length
    }
  }

  after(position: Position): ChangesBlock | undefined {
    return this.#blocks.get(nameOf(position))
  }

  clear(): void {
    this.#blocks.clear()
    this.#bytes = 0
  }
}

function nameOf({ revision, hash }: Position): string {
  return `${revision} ${hash}`
}
