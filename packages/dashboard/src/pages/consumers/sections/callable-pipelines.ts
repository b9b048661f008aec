import type { Consumer, ListedPipeline } from '@sallyport/sdk'
import { t } from '../../../texts/texts.ts'
import type { Associated } from './association-list.tsx'

/** The most pipelines that are listed because of their project alone. */
export const BY_PROJECT_MAX = 10

interface Callable {
  /** Those of its own, then those that come by a project. */
  readonly items: readonly Associated[]
  /** How many more come by a project. */
  readonly more: number
  /** The names of those that it may not call. */
  readonly others: readonly string[]
}

/**
 * The pipelines that a consumer may call, and why.
 *
 * @param all the pipelines that the person may read; those of the consumer's own are listed in any case
 */
export function callablePipelines(
  { pipelines, projects }: Pick<Consumer, 'pipelines' | 'projects'>,
  all: readonly Pick<ListedPipeline, 'name' | 'project'>[],
): Callable {
  const { panel } = t.consumers
  const projectOf = new Map(all.map(({ name, project }) => [name, project]))
  const own = pipelines.map((name) => {
    const project = projectOf.get(name)
    const isBoth = project !== undefined && projects.includes(project)
    return { name, about: isBoth ? panel.alsoByProject(project) : project, isOwn: true }
  })
  const rest = all.filter(({ name }) => !pipelines.includes(name))
  const byProject = rest.filter(({ project }) => projects.includes(project))
  const shown = byProject.slice(0, BY_PROJECT_MAX).map(({ name, project }) => ({
    name,
    about: panel.byProject(project),
    isOwn: false,
  }))
  return {
    items: [...own, ...shown],
    more: byProject.length - shown.length,
    others: rest.filter(({ project }) => !projects.includes(project)).map(({ name }) => name),
  }
}
