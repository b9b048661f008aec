import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

/**
 * So many streamed bytes go by between two looks for dead buffers. With half as many, buffers in use are looked at so
 * often that V8 takes them for old ones and leaves them to the full collection that this avoids.
 */
const LOOK_EVERY_BYTES = 16 * 1024 * 1024

let bytesSinceLook = 0
let collectYoung: (() => void) | undefined

/**
 * Notes that a chunk was streamed, and looks for dead buffers now and then.
 *
 * Every chunk comes in a buffer of its own and is dead a moment later. Left to itself V8 lets some 64 MiB of them pile
 * up before it looks: ten uploads of 100 MiB at once added 20 to 79 MiB to the process. Asked to look at the youngest
 * of them in time, it stays within 10 MiB.
 */
export function noteStreamed(bytes: number): void {
  bytesSinceLook += bytes
  if (bytesSinceLook < LOOK_EVERY_BYTES) return
  bytesSinceLook = 0
  collectYoung ??= youngCollector()
  collectYoung()
}

/** V8's function for it, which a flag puts into contexts that are made after it was set. */
function youngCollector(): () => void {
  setFlagsFromString('--expose-gc')
  const collect = runInNewContext('gc') as (options: { type: 'minor' }) => void
  setFlagsFromString('--no-expose-gc')
  return () => {
    collect({ type: 'minor' })
  }
}
