import { PIPELINES_PER_CONSUMER_MAX, PROJECTS_PER_CONSUMER_MAX } from '@sallyport/core'
import type { OperationContext } from '../access/context.ts'
import { notFound } from '../access/permission-checks.ts'
import { conflict } from '../refusals.ts'
import { changeConsumer, type ChangedConsumer } from './change-consumer.ts'
import type { AssociationKind } from './requested-associations.ts'

interface OfConsumer {
  readonly organization: string
  /** A consumer's id. */
  readonly consumer: string
}
/** A consumer and one pipeline that it may call, or not. */
export interface ConsumerPipelineInput extends OfConsumer {
  readonly pipeline: string
}
/** A consumer and one project of which it may call every pipeline, or not. */
export interface ConsumerProjectInput extends OfConsumer {
  readonly project: string
}

interface Words {
  readonly max: number
  /** What a consumer with the most associations is told. */
  readonly full: string
  /** What an association is that the consumer does not have. */
  readonly absent: (name: string, consumer: string) => string
}

const WORDS: Readonly<Record<AssociationKind, Words>> = {
  pipelines: {
    max: PIPELINES_PER_CONSUMER_MAX,
    full: `A consumer may call at most ${PIPELINES_PER_CONSUMER_MAX} pipelines. Remove one, add their project, or make another consumer.`,
    absent: (name, consumer) => `pipeline "${name}" among those that ${consumer} may call`,
  },
  projects: {
    max: PROJECTS_PER_CONSUMER_MAX,
    full: `A consumer has at most ${PROJECTS_PER_CONSUMER_MAX} projects. Remove one, or make another consumer.`,
    absent: (name, consumer) => `project "${name}" among those of which ${consumer} may call every pipeline`,
  },
}

/** Lets a consumer call one more pipeline. Others that were added meanwhile stay. */
export async function addConsumerPipeline(
  context: OperationContext,
  input: ConsumerPipelineInput,
): Promise<ChangedConsumer> {
  return await add(context, input, 'pipelines', input.pipeline)
}

/**
 * Ends that a consumer may call a pipeline by an association with it; one with its project stays.
 *
 * @throws Problem `not_found` if it has no association with it
 */
export async function removeConsumerPipeline(
  context: OperationContext,
  input: ConsumerPipelineInput,
): Promise<ChangedConsumer> {
  return await remove(context, input, 'pipelines', input.pipeline)
}

/** Lets a consumer call every pipeline of one more project. Others that were added meanwhile stay. */
export async function addConsumerProject(
  context: OperationContext,
  input: ConsumerProjectInput,
): Promise<ChangedConsumer> {
  return await add(context, input, 'projects', input.project)
}

/**
 * Ends that a consumer may call every pipeline of a project; associations with its pipelines stay.
 *
 * @throws Problem `not_found` if it has no association with it
 */
export async function removeConsumerProject(
  context: OperationContext,
  input: ConsumerProjectInput,
): Promise<ChangedConsumer> {
  return await remove(context, input, 'projects', input.project)
}

async function add(
  context: OperationContext,
  of: OfConsumer,
  kind: AssociationKind,
  name: string,
): Promise<ChangedConsumer> {
  const { max, full } = WORDS[kind]
  return await changeConsumer(
    context,
    of,
    ({ [kind]: names }) => {
      if (names.includes(name)) return {}
      if (names.length >= max) throw conflict(full)
      return { [kind]: [...names, name] }
    },
    () => (kind === 'pipelines' ? '/pipeline' : '/project'),
  )
}

async function remove(
  context: OperationContext,
  of: OfConsumer,
  kind: AssociationKind,
  name: string,
): Promise<ChangedConsumer> {
  return await changeConsumer(context, of, ({ name: consumer, [kind]: names }) => {
    if (!names.includes(name)) throw notFound(WORDS[kind].absent(name, consumer))
    return { [kind]: names.filter((each) => each !== name) }
  })
}
