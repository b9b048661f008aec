import type { LinkProps } from '@tanstack/react-router'
import { t } from '../../../texts/texts.ts'
import type { Demand, Progress, Step } from './progress.ts'

/** What a step says, and where it is done, or was done. */
export interface StepView {
  readonly title: string
  readonly text: string
  /** Undefined where the person can do nothing, or not yet. */
  readonly action?: { readonly word: string; readonly to: LinkProps } | undefined
}

export interface StepPlace {
  readonly organization: string
  /** Where the person would deploy; undefined if they may not. */
  readonly deployTo: string | undefined
  readonly may: (permission: string, environment?: string) => boolean
}

/** What the steps say to a person who is so far. */
export function stepViews(progress: Progress, place: StepPlace): Readonly<Record<Step, StepView>> {
  return {
    policy: policyView(progress, place),
    pipeline: pipelineView(progress, place),
    deployment: deploymentView(progress, place),
    key: keyView(progress, place),
    call: { title: t.firstSteps.call.title, text: t.firstSteps.call.why },
  }
}

/** What environments demand, those with the same demand together. */
function wordsOf(demands: readonly Demand[]): string {
  const modes = [...new Set(demands.map(({ mode }) => mode))]
  const sentences = modes.map((wanted) => {
    const environments = demands.filter(({ mode }) => mode === wanted).map(({ environment }) => environment)
    return `${t.overview.force.modes[wanted](t.firstSteps.policy.environments(environments))}.`
  })
  return sentences.join(' ')
}

/** Every environment has a policy from the beginning, so this step is done: it says what the policy is. */
function policyView({ demands }: Progress, { organization, may }: StepPlace): StepView {
  const { title, why, open } = t.firstSteps.policy
  return {
    title,
    text: [wordsOf(demands), why].join(' ').trim(),
    action: may('policies.read')
      ? { word: open, to: { to: '/organizations/$organization/policies', params: { organization } } }
      : undefined,
  }
}

function pipelineView({ next, pipeline }: Progress, { organization, may }: StepPlace): StepView {
  const { title, why, submit, who, done, open } = t.firstSteps.pipeline
  if (pipeline !== undefined) {
    return {
      title,
      text: done(pipeline),
      action: {
        word: open(pipeline),
        to: { to: '/organizations/$organization/pipelines/$pipeline', params: { organization, pipeline } },
      },
    }
  }
  if (next !== 'pipeline' || !may('pipelines.write')) return { title, text: `${why} ${who}` }
  const to = { to: '/organizations/$organization/pipelines', params: { organization } } as const
  return { title, text: why, action: { word: submit, to: { ...to, search: { dialog: 'create' } } } }
}

function deploymentView(
  { next, pipeline, route }: Progress,
  { organization, deployTo }: StepPlace,
): StepView {
  const { title, why, submit, who, live, open } = t.firstSteps.deployment
  const to = '/organizations/$organization/pipelines/$pipeline'
  if (route !== undefined) {
    const params = { organization, pipeline: route.pipeline }
    return {
      title,
      text: live(route.pipeline, route.version, route.environment),
      action: { word: open, to: { to, params, search: { tab: 'deployments' } } },
    }
  }
  if (next !== 'deployment' || pipeline === undefined) return { title, text: why }
  if (deployTo === undefined) return { title, text: `${why} ${who}` }
  const params = { organization, pipeline }
  return {
    title,
    text: why,
    action: {
      word: submit(pipeline, deployTo),
      to: { to, params, search: { panel: 'deploy', to: deployTo } },
    },
  }
}

function keyView({ route, caller, stranger }: Progress, { organization, may }: StepPlace): StepView {
  const {
    title,
    why,
    submit,
    who,
    stranger: notYet,
    strangerHow,
    strangerWho,
    ready,
    open,
  } = t.firstSteps.key
  const to = { to: '/organizations/$organization/consumers', params: { organization } } as const
  if (route === undefined) return { title, text: why }
  const { pipeline, environment } = route
  const openConsumer = ({ id, name }: { readonly id: string; readonly name: string }) => ({
    word: open(name),
    to: { ...to, search: { consumer: id } },
  })
  if (caller !== undefined)
    return { title, text: ready(caller.name, pipeline, environment), action: openConsumer(caller) }
  const mayWrite = may('consumers.write', environment)
  if (stranger !== undefined) {
    const text = `${notYet(stranger.name, pipeline)} ${mayWrite ? strangerHow : strangerWho}`
    return { title, text, action: mayWrite ? openConsumer(stranger) : undefined }
  }
  if (!mayWrite || !may('keys.create', environment)) return { title, text: `${why} ${who}` }
  const search = { dialog: 'create', to: environment, pipeline } as const
  return { title, text: why, action: { word: submit, to: { ...to, search } } }
}
