import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('V8 knows the flag that keeps requests among the young objects', () => {
  const module = new URL('garbage-collection.ts', import.meta.url).href
  const script = `const { keepRequestsYoung } = await import(${JSON.stringify(module)}); keepRequestsYoung()`
  const child = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { encoding: 'utf8' })
  expect(child).toMatchObject({ status: 0, stderr: '' })
})
