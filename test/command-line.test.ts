import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'
import { SERVER_PROGRAM } from './support/server-program.ts'

function run(...args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [SERVER_PROGRAM, ...args], {
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

test.each([['help'], ['--help'], ['-h'], ['serve', '--help']])('%s %s shows the commands', (...args) => {
  const shown = run(...args)
  expect(shown).toMatchObject({ status: 0, stderr: '' })
  expect(shown.stdout).toMatch(/^Usage: .*COMMAND\n[^]*\n {2}serve {3}/)
})

test.each([[[]], [['nonsense']], [['serve', 'more']], [['constructor']]])(
  'the arguments %j are an error with the same text',
  (args) => {
    expect(run(...args)).toMatchObject({ status: 2, stdout: '' })
    expect(run(...args).stderr).toMatch(
      args.length === 0 ? /^Usage: / : `There is no command "${args.join(' ')}".\n\nUsage: `,
    )
  },
)
