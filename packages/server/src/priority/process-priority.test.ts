import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { getPriority } from 'node:os'
import { expect, test } from 'vitest'
import { idleCommand, lowerPriority, nicenessBelowOurs } from './process-priority.ts'

/** The niceness of each thread of a process on Linux (proc_pid_stat(5), field 19). */
function nicenessOfThreads(pid: number): number[] {
  return readdirSync(`/proc/${pid}/task`).map((thread) => {
    const fields = readFileSync(`/proc/${pid}/task/${thread}/stat`, 'latin1').split(') ')[1]?.split(' ')
    return Number(fields?.[16])
  })
}

test('lowers the priority of a process, on Linux of each of its threads', async () => {
  const child = spawn(process.execPath, ['--eval', 'process.stdin.resume(); console.log("ready")'])
  try {
    await once(child.stdout, 'data')
    const pid = child.pid ?? 0
    lowerPriority(pid, 7)
    const expected = Math.min(19, getPriority() + 7)
    expect(getPriority(pid)).toBe(expected)
    if (process.platform !== 'linux') return
    const niceness = nicenessOfThreads(pid)
    expect(niceness.length).toBeGreaterThan(1)
    expect(new Set(niceness)).toEqual(new Set([expected]))
  } finally {
    child.kill('SIGKILL')
  }
})

test('ignores a process that has ended', () => {
  // Process ids are below 2^22 on Linux.
  expect(() => lowerPriority(2 ** 22 + 1, 7)).not.toThrow()
})

test('a program runs on idle cores only, where the system can do that', () => {
  const [program, ...args] = idleCommand() ?? []
  if (program === undefined) {
    // The tests of Linux need util-linux.
    expect(process.platform).not.toBe('linux')
    return
  }
  const policy = "require('node:fs').readFileSync('/proc/self/stat', 'latin1').split(') ')[1].split(' ')[38]"
  expect(execFileSync(program, [...args, process.execPath, '-p', policy], { encoding: 'utf8' })).toBe('5\n')
})

test('a process of low priority lowers that of others below its own', () => {
  const program = `
    import { nicenessBelowOurs } from ${JSON.stringify(new URL('./process-priority.ts', import.meta.url).href)}
    import { setPriority } from 'node:os'
    setPriority(18)
    console.log([1, 5].map(nicenessBelowOurs).join())
  `
  const args = ['--input-type=module', '--eval', program]
  expect(execFileSync(process.execPath, args, { encoding: 'utf8' })).toBe('19,19\n')
  expect(nicenessBelowOurs(1)).toBe(Math.min(19, getPriority() + 1))
})
