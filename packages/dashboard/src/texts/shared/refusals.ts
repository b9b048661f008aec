/** Why a request ended as it did, for those who run the pipeline, and what they do about it. */
export interface Remedy {
  readonly why: string
  readonly todo: readonly string[]
}

/** By the code of the request. */
export const refusals: Readonly<Record<string, Remedy>> = {
  valid: {
    why: 'The request was let in and served',
    todo: [],
  },
  route_not_found: {
    why: 'No pipeline is deployed at this URL',
    todo: [
      'Compare organization, environment and path with the URL of the deployment.',
      'Deploy the pipeline to this environment if it is missing there.',
    ],
  },
  method_not_allowed: {
    why: 'The pipeline does not take this method',
    todo: ['Use a method that its trigger lists, or add this one in a new version.'],
  },
  caller_address_not_allowed: {
    why: 'The pipeline takes no requests from the address of the caller',
    todo: [
      'Add the address of the caller to addressRules of the trigger, in a new version.',
      'Is the gateway behind a proxy? Name the proxy as trusted, so that the address of the caller counts.',
    ],
  },
  maintenance: {
    why: 'The pipeline is in maintenance mode',
    todo: ['Deploy a version without maintenance, or go back to the one before.'],
  },
  credential_missing: {
    why: 'The caller sent no API key',
    todo: [
      'Send the key in the header x-api-key, or as Authorization: Bearer.',
      'Does a proxy before the gateway remove this header? Let it pass.',
    ],
  },
  credential_ambiguous: {
    why: 'The caller sent a credential twice, or an empty one',
    todo: ['Send the API key and the JWT once each, in one header.'],
  },
  credential_invalid: {
    why: 'The caller sent a token that no key of this installation has',
    todo: [
      'Let the caller check that the whole token was copied.',
      'Is the token lost? Roll the key, and hand the new secret over by a link.',
    ],
  },
  key_inactive: {
    why: 'The key or its consumer is switched off',
    todo: ['Switch the key or its consumer on again if the caller should be let in.'],
  },
  key_expired: {
    why: 'The key has reached its expiry',
    todo: ['Give the key a later expiry, or issue a new key to the caller.'],
  },
  key_outdated: {
    why: 'The caller sent a secret whose grace is over',
    todo: [
      'Let the caller use the newer secret of the same key.',
      'Is that secret lost? Roll the key again, and hand the new secret over by a link.',
    ],
  },
  key_deleted: {
    why: 'The key was deleted',
    todo: ['Issue a new key if the caller should be let in. A deleted key cannot come back.'],
  },
  key_wrong_environment: {
    why: 'The key was issued for another environment',
    todo: ['Issue a key for this environment, or let the caller use the URL of its own.'],
  },
  address_not_allowed: {
    why: 'The key does not work from the address of the caller',
    todo: [
      'Add the address of the caller to the rules of the key.',
      'Is the gateway behind a proxy? Name the proxy as trusted, so that the address of the caller counts.',
    ],
  },
  pipeline_not_allowed: {
    why: 'The caller may not call this pipeline',
    todo: [
      'Associate the consumer with the pipeline or its project, or give the key a role that may call it.',
      'A public key calls only pipelines that accept public keys.',
    ],
  },
  basic_invalid: {
    why: 'The username or the password is not valid',
    todo: ['Let the caller check both, or create a new Basic credential for its consumer.'],
  },
  token_missing: {
    why: 'The caller sent no JWT',
    todo: ['Get a JWT from the login pipeline of this environment, and send it as Authorization: Bearer.'],
  },
  token_invalid: {
    why: 'The JWT is not valid here',
    todo: [
      'Get a new JWT from the login pipeline of this environment.',
      'Is it of another issuer? Check that this environment trusts the issuer and the audience.',
    ],
  },
  token_expired: {
    why: 'The JWT has expired',
    todo: ['Get a new JWT from the login pipeline before the old one ends.'],
  },
  token_wrong_consumer: {
    why: 'The JWT belongs to another consumer than the key',
    todo: ['Send an API key and a JWT of the same consumer.'],
  },
  rate_limited: {
    why: 'The caller sent more requests than its limits allow',
    todo: [
      'Let the caller wait for the seconds in Retry-After.',
      'Raise the limit of the key or of the pipeline if the traffic is wanted.',
    ],
  },
  invalid_request: {
    why: 'The gateway could not read the request',
    todo: ['Correct what the detail of the answer names. The pipeline was not called.'],
  },
  request_timeout: {
    why: 'The request took too long to arrive',
    todo: ['Send the whole request within the timeout of the pipeline.'],
  },
  too_large: {
    why: 'The request is larger than allowed',
    todo: ['Send a smaller body, or raise the limit of the pipeline.'],
  },
  headers_too_large: {
    why: 'The headers are larger than 16 KiB',
    todo: ['Send fewer or shorter headers.'],
  },
  unsupported_media_type: {
    why: 'The pipeline does not take this content type',
    todo: ['Send JSON, with the header Content-Type: application/json.'],
  },
  step_failed: {
    why: 'A step of the pipeline failed',
    todo: ['Correct the step in a new version. The log of the server names its place in the spec.'],
  },
  upstream_failed: {
    why: 'The request was allowed, but the upstream did not answer',
    todo: [
      'Check that the upstream runs and can be reached from the gateway.',
      'Is its address private? The operator lists it in SALLYPORT_UPSTREAM_ALLOW.',
    ],
  },
  upstream_timeout: {
    why: 'The request was allowed, but the upstream took too long',
    todo: ['Look at the upstream, or raise the timeout of the pipeline.'],
  },
  unavailable: {
    why: 'The service was not available for a moment',
    todo: ['Try again. It says nothing about the credential.'],
  },
  snapshot_stale: {
    why: 'The gateway had lost its connection to the store',
    todo: ['Look at the database and at the gateways. The credential was not checked.'],
  },
  internal: {
    why: 'An error occurred inside of Sallyport',
    todo: ['Give the operator the request id: the log of the server has the cause.'],
  },
}

/** For a code that a step of the pipeline chose. */
export const ownRefusal: Remedy = {
  why: 'A step of the pipeline ended the request with a code of its own',
  todo: ['Ask the owner of the pipeline what the code means.'],
}
