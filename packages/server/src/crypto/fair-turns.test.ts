import { expect, test } from 'vitest'
import { FairTurns } from './fair-turns.ts'

/** Work that goes on until it is told to end, and notes when it starts. */
class Stage {
  readonly started: string[] = []
  readonly #ends = new Map<string, () => void>()
  readonly #turns: FairTurns

  constructor(turns: FairTurns) {
    this.#turns = turns
  }

  /** Asks for a turn; resolves to the name, or to the code with which it was refused. */
  async ask(lane: string, name: string): Promise<string> {
    const work = async (): Promise<string> => {
      this.started.push(name)
      await new Promise<void>((end) => this.#ends.set(name, end))
      return name
    }
    try {
      return await this.#turns.run(lane, work)
    } catch (error) {
      return error instanceof Error && 'code' in error ? String(error.code) : 'thrown'
    }
  }

  end(name: string): void {
    this.#ends.get(name)?.()
  }
}

test('No more goes on at once than may, and lanes take turns whoever asked first', async () => {
  const turns = new FairTurns({ atOnce: 2, waitingMax: 10 })
  const stage = new Stage(turns)
  const flood = ['f1', 'f2', 'f3', 'f4', 'f5'].map(async (name) => await stage.ask('flood', name))
  const others = [stage.ask('a', 'a1'), stage.ask('a', 'a2'), stage.ask('b', 'b1')]
  expect(stage.started).toEqual(['f1', 'f2'])
  expect([turns.running, turns.waiting]).toEqual([2, 6])
  for (const name of ['f1', 'f2', 'f3', 'a1', 'b1', 'f4', 'a2', 'f5']) {
    await expect.poll(() => stage.started).toContain(name)
    expect(turns.running).toBeLessThanOrEqual(2)
    stage.end(name)
  }
  await Promise.all([...flood, ...others])
  expect(stage.started).toEqual(['f1', 'f2', 'f3', 'a1', 'b1', 'f4', 'a2', 'f5'])
  expect([turns.running, turns.waiting]).toEqual([0, 0])
})

test('When too much waits, the longest lane loses its newest, and the newcomer gets in', async () => {
  const turns = new FairTurns({ atOnce: 1, waitingMax: 3 })
  const stage = new Stage(turns)
  const flood = ['f1', 'f2', 'f3', 'f4'].map(async (name) => await stage.ask('flood', name))
  const tooMany = stage.ask('flood', 'f5')
  expect(await tooMany).toBe('unavailable')
  const newcomer = stage.ask('a', 'a1')
  expect(await flood[3]).toBe('unavailable')
  for (const name of ['f1', 'f2', 'a1', 'f3']) {
    await expect.poll(() => stage.started).toContain(name)
    stage.end(name)
  }
  expect(await newcomer).toBe('a1')
  expect(await Promise.all(flood)).toEqual(['f1', 'f2', 'f3', 'unavailable'])
})

test('Where everybody has asked once, whoever comes too late is refused', async () => {
  const turns = new FairTurns({ atOnce: 1, waitingMax: 2 })
  const stage = new Stage(turns)
  const asked = ['a', 'b', 'c', 'd'].map(async (name) => await stage.ask(name, name))
  expect(await asked[3]).toBe('unavailable')
  for (const name of ['a', 'b', 'c']) {
    await expect.poll(() => stage.started).toContain(name)
    stage.end(name)
  }
  expect(await Promise.all(asked)).toEqual(['a', 'b', 'c', 'unavailable'])
})

test('Work that fails gives its turn back', async () => {
  const turns = new FairTurns({ atOnce: 1, waitingMax: 1 })
  const failing = turns.run('a', () => Promise.reject(new Error('no')))
  const next = turns.run('a', () => Promise.resolve('done'))
  await expect(failing).rejects.toThrow('no')
  expect(await next).toBe('done')
  expect([turns.running, turns.waiting]).toEqual([0, 0])
})
