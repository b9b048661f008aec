/** A path parameter as the document describes it. */
interface PathParameter {
  readonly description: string
  /** Its value in every example that gives no other. */
  readonly value?: string
}

/** Parameters of several resources. A parameter of one resource is described in the texts of that resource. */
const PARAMETERS: Readonly<Record<string, PathParameter>> = {
  organization: { description: 'The slug of the organization.', value: 'acme' },
  environment: { description: 'The name of the environment.', value: 'prod' },
  project: { description: 'The name of the project.' },
  pipeline: { description: 'The name of the pipeline.' },
  consumer: { description: 'The id of the consumer.' },
}

/** What a path parameter means to every resource; undefined if it belongs to one. */
export function pathParameter(name: string): PathParameter | undefined {
  return PARAMETERS[name]
}
