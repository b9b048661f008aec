/** A path parameter as the document describes it. */
interface PathParameter {
  readonly description: string
  /** Its value in every example that gives no other. */
  readonly value?: string
}

const PARAMETERS: Readonly<Record<string, PathParameter>> = {
  organization: { description: 'The slug of the organization.', value: 'acme' },
  environment: { description: 'The name of the environment.', value: 'prod' },
  project: { description: 'The name of the project.' },
  pipeline: { description: 'The name of the pipeline.' },
  deployment: { description: 'The id of the deployment.' },
  consumer: { description: 'The id of the consumer.' },
  username: { description: 'The username of the Basic credential.' },
  key: { description: 'The id of the key.' },
  signingKey: { description: 'The id of the signing key, which is the `kid` of its JWTs.' },
  issuer: { description: 'The id of the trusted issuer, not its `iss`.' },
  name: { description: 'The name of the secret: 1 to 64 of A-Z, 0-9 and "_", a letter first.' },
}

/** The description of a path parameter of a route; undefined if it has only what its schema says. */
export function pathParameter(name: string): PathParameter | undefined {
  return PARAMETERS[name]
}
