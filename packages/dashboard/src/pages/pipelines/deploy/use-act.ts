import type { ListedDeployment, Pipeline } from '@sallyport/sdk'
import { useQuery } from '@tanstack/react-query'
import { environmentsQuery } from '../../../data/environments.ts'
import { usePlace } from '../../../shell/organization.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import type { Act } from '../data/act.ts'

/** The environments that the person may deploy to, in the order of promotion. */
export function useTargets(): readonly string[] {
  const { organization, may } = usePlace()
  const { data = [] } = useQuery(environmentsQuery(organization))
  return data.map(({ name }) => name).filter((name) => may('pipelines.deploy', name))
}

/** Where the newest version goes first: the environment of the top bar, or the first in which it is not live yet. */
export function useTarget(
  { version }: Pick<Pipeline, 'version'>,
  live: readonly ListedDeployment[],
): string | undefined {
  const { environment } = usePlace()
  const targets = useTargets()
  if (environment !== undefined && targets.includes(environment)) return environment
  const isLive = (name: string): boolean =>
    live.some((each) => each.environment === name && each.version === version)
  return targets.find((name) => !isLive(name)) ?? targets.at(-1)
}

/** What the open panel is about to do; undefined while that is not known. */
export function useAct(
  shown: Pick<Pipeline, 'name' | 'version'>,
  history: readonly ListedDeployment[],
): Act | undefined {
  const { search } = usePipelineSearch()
  const { panel, to, deployment } = search
  if (panel === undefined || panel === 'try' || panel === 'expression') return undefined
  if (panel === 'deploy') {
    const { version = shown.version } = search
    return to === undefined
      ? undefined
      : { kind: panel, pipeline: shown.name, version, environment: to, from: undefined }
  }
  const from = history.find(({ id }) => id === deployment)
  if (from === undefined) return undefined
  const common = { kind: panel, pipeline: shown.name, from: from.id }
  switch (panel) {
    case 'promote':
      return to === undefined ? undefined : { ...common, version: from.version, environment: to }
    case 'redeploy':
      return { ...common, version: from.version, environment: from.environment }
    case 'rollback':
      return { ...common, version: before(from, history)?.version, environment: from.environment }
  }
}

/** The deployment that another one replaced. */
export function before(
  { id }: Pick<ListedDeployment, 'id'>,
  history: readonly ListedDeployment[],
): ListedDeployment | undefined {
  return history.find(({ replacedBy }) => replacedBy === id)
}
