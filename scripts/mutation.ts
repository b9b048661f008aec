// Mutation testing: `npm run mutation` changes the product files of all groups of stryker.config.mjs, one small change at
// a time, and runs the unit tests that cover the change. `npm run mutation -- core crypto` mutates these groups, and
// `npm run mutation -- packages/core/src/keys/base62.ts` these files. `--tests FOLDER` runs the tests of that folder alone,
// to be quicker while tests are written. The exit status is 0 if the tests find enough.

import { matchesGlob } from 'node:path'
import { parseArgs } from 'node:util'
import { Stryker } from '@stryker-mutator/core'
import options, { groups, type MutationGroup } from '../stryker.config.mjs'

/** The groups to run, with `mutate` reduced to the wanted files. Throws with a message for the user. */
function choose(wanted: readonly string[]): MutationGroup[] {
  const chosen = new Map<MutationGroup, string[]>()
  for (const argument of wanted) {
    const named = groups.find((group) => group.name === argument)
    const group = named ?? groups.find(({ mutate }) => mutate.some((glob) => matchesGlob(argument, glob)))
    if (group === undefined) {
      const names = groups.map(({ name }) => name).join(', ')
      throw new Error(`No group and no mutated file: ${argument}. Use files, or one or more of: ${names}.`)
    }
    chosen.set(group, [...(chosen.get(group) ?? []), ...(named?.mutate ?? [argument])])
  }
  if (wanted.length === 0) return [...groups]
  return Array.from(chosen, ([group, mutate]) => ({ ...group, mutate }))
}

async function runGroup({ name, mutate, tests, scoreMin }: MutationGroup): Promise<void> {
  console.log(`\nGroup ${name}: at least ${scoreMin} % of the mutants must be found.`)
  const stryker = new Stryker({
    mutate: [...mutate, '!**/*.test.ts'],
    vitest: { ...options.vitest, dir: tests },
    thresholds: { break: scoreMin },
    htmlReporter: { fileName: `reports/mutation/${name}.html` },
    jsonReporter: { fileName: `reports/mutation/${name}.json` },
  })
  // Below the threshold, Stryker sets the exit status.
  await stryker.runMutationTest()
}

try {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: { tests: { type: 'string' } },
  })
  for (const group of choose(positionals)) await runGroup({ ...group, ...values })
} catch (error) {
  console.error((error as Error).message)
  process.exitCode = 2
}
