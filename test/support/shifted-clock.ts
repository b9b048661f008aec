import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

/** Shifts the wall clock of a process by the number of ms in a file, which it reads every 10 ms. */
const SHIFTED_CLOCK = `
  import { readFileSync } from 'node:fs'
  const realNow = Date.now.bind(Date)
  const RealDate = Date
  let shiftMs = 0
  const read = () => { shiftMs = Number(readFileSync(process.env.TEST_CLOCK_FILE, 'utf8')) }
  read()
  setInterval(read, 10).unref()
  globalThis.Date = class extends RealDate {
    constructor(...args) { super(...(args.length === 0 ? [realNow() + shiftMs] : args)) }
    static now() { return realNow() + shiftMs }
  }
`

/** The wall clock of server processes, which a test can set. */
export interface ShiftedClock {
  /** Settings of the processes that have this clock. */
  readonly settings: Readonly<Record<string, string>>
  /** Sets the clock, in ms after the real one. Processes have it a moment later. */
  set(shiftMs: number): Promise<void>
}

/** @param folder keeps the files of the clock */
export async function shiftedClock(folder: string): Promise<ShiftedClock> {
  const file = join(folder, 'clock')
  const preload = join(folder, 'clock.mjs')
  const set = async (shiftMs: number): Promise<void> => await writeFile(file, String(shiftMs))
  await set(0)
  await writeFile(preload, SHIFTED_CLOCK)
  return {
    settings: { NODE_OPTIONS: `--import=${pathToFileURL(preload).href}`, TEST_CLOCK_FILE: file },
    set,
  }
}
