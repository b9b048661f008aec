import { renameSync, writeFileSync } from 'node:fs'
import { relative } from 'node:path'
import type { Reporter, TestModule, TestSpecification } from 'vitest/node'
import { PROGRESS_FILE_VARIABLE, type Progress } from './progress.ts'

/** A reporter of Vitest that keeps a file up to date with how far the run is. */
export default class ProgressReporter implements Reporter {
  readonly #file = process.env[PROGRESS_FILE_VARIABLE]
  readonly #running = new Set<string>()
  #files = 0
  #done = 0
  #failed = 0

  onTestRunStart(specifications: readonly TestSpecification[]): void {
    this.#files = specifications.length
    this.#write()
  }

  onTestModuleStart({ moduleId }: TestModule): void {
    this.#running.add(moduleId)
    this.#write()
  }

  onTestModuleEnd(module: TestModule): void {
    this.#running.delete(module.moduleId)
    this.#done += 1
    if (!module.ok()) this.#failed += 1
    this.#write()
  }

  #write(): void {
    if (this.#file === undefined) return
    const progress: Progress = {
      files: this.#files,
      done: this.#done,
      failed: this.#failed,
      running: [...this.#running].map((path) => relative(process.cwd(), path)),
    }
    // Renamed into place, so that no reader sees a part of it.
    writeFileSync(`${this.#file}.draft`, JSON.stringify(progress))
    renameSync(`${this.#file}.draft`, this.#file)
  }
}
