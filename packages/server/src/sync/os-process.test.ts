import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { expect, test } from 'vitest'
import { hasEnded, ownProcess } from './os-process.ts'

test('a process has ended when it is gone, and not while it runs or is paused', async () => {
  const own = ownProcess()
  // Elsewhere a process has no name, and only its lease tells.
  const isNamed = process.platform === 'linux'
  expect(own.split(' ')).toHaveLength(isNamed ? 4 : 1)
  expect(hasEnded(own)).toBe(false)
  const child = spawn(process.execPath, [
    '-e',
    `import(${JSON.stringify(new URL('./os-process.ts', import.meta.url).href)})
      .then(({ ownProcess }) => { console.log(ownProcess()); setInterval(() => {}, 1000) })`,
  ])
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  const name = chunk.toString().trim()
  expect(hasEnded(name)).toBe(false)
  child.kill('SIGSTOP')
  expect(hasEnded(name)).toBe(false)
  const ended = once(child, 'exit')
  child.kill('SIGKILL')
  await ended
  expect(hasEnded(name)).toBe(isNamed)
  // The same process id with another start time is another process.
  const [boot, namespace, pid] = own.split(' ')
  expect(hasEnded(`${boot} ${namespace} ${pid} 1`)).toBe(isNamed)
})

test('a process of another machine, or without a name, never counts as ended', () => {
  const [boot, namespace] = ownProcess().split(' ')
  for (const name of [
    '',
    `other-boot ${namespace} 999999999 1`,
    `${boot} pid:[1] 999999999 1`,
    `${boot} ${namespace} -1 1`,
    `${boot} ${namespace} x 1`,
  ]) {
    expect(hasEnded(name)).toBe(false)
  }
})
