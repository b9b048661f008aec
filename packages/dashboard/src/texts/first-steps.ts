import { counted } from '../format/numbers.ts'

const listed = new Intl.ListFormat('en-GB', { type: 'conjunction' })

/** The steps that lead a new organization to its first protected call. */
export const firstSteps = {
  title: 'To the first protected call',
  progress: (done: number, all: number) => `${done} of ${all} steps done`,
  done: 'done',
  over: 'The first call was allowed',
  policy: {
    title: 'A policy stands',
    why: 'A stricter policy keeps pipelines that demand less from going live.',
    environments: (names: readonly string[]) => listed.format(names),
    open: 'Open policies',
  },
  pipeline: {
    title: 'Create a pipeline',
    why: 'A pipeline publishes an API: its route, the credentials that callers must send, and what it does.',
    submit: 'Create pipeline',
    who: 'Owners, admins and developers can create one.',
    done: (pipeline: string) => `${pipeline} is created.`,
    open: (pipeline: string) => `Open ${pipeline}`,
  },
  deployment: {
    title: 'Deploy it',
    why: 'The gate checks the version against the policy. Then every gateway serves it.',
    submit: (pipeline: string, environment: string) => `Deploy ${pipeline} in ${environment}`,
    who: 'Owners, admins and developers can deploy it.',
    live: (pipeline: string, version: string, environment: string) =>
      `${pipeline} ${version} is live in ${environment}.`,
    open: 'Open deployments',
  },
  key: {
    title: 'Create a key',
    why: 'A consumer is a system that calls. It gets a key of its own, whose token is shown once: copy it for the next step.',
    submit: 'Create consumer with key',
    who: 'Owners, admins and key managers can create one.',
    stranger: (consumer: string, pipeline: string) => `${consumer} may not call ${pipeline} yet.`,
    strangerHow: 'Allow it in its details.',
    strangerWho: 'Owners, admins and key managers can allow it.',
    ready: (consumer: string, pipeline: string, environment: string) =>
      `${consumer} may call ${pipeline} in ${environment}.`,
    open: (consumer: string) => `Open ${consumer}`,
  },
  call: {
    title: 'Make the first call',
    why: 'A call from a shell shows that the key opens the pipeline. It is noticed here within seconds, and this list goes.',
    lines: 'The first call',
    token: 'PASTE-THE-TOKEN-HERE',
    tokenHint:
      'Replace PASTE-THE-TOKEN-HERE by the token that you copied. If you do not have it, roll the key.',
    keyless: (consumer: string) => `${consumer} has no key that works. Create one, and copy its token:`,
    variables: (names: readonly string[]) => `Set ${listed.format(names)} in the shell first.`,
    places: (names: readonly string[]) => `Replace ${listed.format(names)} by values of your own.`,
    waiting: 'Waiting for the first call',
    refused: (calls: number) => `${counted(calls, 'call was', 'calls were')} refused so far.`,
    see: 'See why',
  },
}
