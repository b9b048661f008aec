import { Script } from 'node:vm'
import { exactJson } from '@sallyport/core'
import type jsonata from 'jsonata'
import { exactLibrary } from './exact-library.ts'

/**
 * JSONata's parser as the sandbox has it, for this realm. Evaluating with it fails.
 *
 * @param source the script of the version of JSONata that package.json pins
 * @throws Error for another version
 */
export function exactParser(source: string): typeof jsonata {
  const script = new Script(
    `(function (module, exports, exactNumbers, exactDates) {${exactLibrary(source)}\n})`,
    {
      filename: 'jsonata.js',
    },
  )
  const define = script.runInThisContext() as (...environment: readonly unknown[]) => void
  const module = { exports: {} }
  // Of the object that sandbox-numbers.ts defines, the parser uses only `isHeld`, and it reads no dates.
  define(module, module.exports, exactJson, {})
  return module.exports as typeof jsonata
}
