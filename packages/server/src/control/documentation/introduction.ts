/** The document's `servers`. The page sends its requests to the first one. */
export const SERVERS = [
  { url: '/', description: 'This server' },
  { url: 'http://127.0.0.1:8080', description: 'The default address of `npm start`' },
] as const

/** The document's `info.description`, in Markdown: what every operation has in common. */
export const INTRODUCTION = `The management API of Sallyport. Use it to save and deploy pipelines, to set the policies of your environments, and to issue, roll and revoke the keys of your callers. Requests and answers are JSON; a request body can also be YAML (\`application/yaml\`), where the operation takes an API key. Times are RFC 3339 in UTC.

## Examples

Each operation has a shell command that works when you paste it, as long as what it names exists: the deletions on this page remove what later commands use. Set the address of your server and your secret key first:

\`\`\`sh
export SALLYPORT_URL=http://127.0.0.1:8080
export SALLYPORT_TOKEN=sp_sk_...
\`\`\`

The examples belong to an organization \`acme\` with the environments \`test\` and \`prod\`. Other variables, such as \`$KEY_ID\`, hold a value from an earlier answer; a comment above the command names that answer.

## Authentication

Send a secret key with every request: \`Authorization: Bearer sp_sk_…\`. \`POST /v1/setup\` answers with the first one. A person signs in with \`POST /v1/auth/sign-in\` instead, and sends the cookie of the session; the examples keep it in \`~/.sallyport-cookies\`. What cannot be undone then needs a confirmation: 403 \`step_up_required\`. A missing or invalid key gets 401 \`unauthenticated\`. The roles of the key decide what it may do: a missing permission gets 403 \`permission_missing\`, and a resource that the key may not see gets 404 \`not_found\`, as if it did not exist.

## Errors

Every error is a problem document (\`application/problem+json\`, RFC 9457). Let programs branch on \`code\`, which is stable. \`detail\` tells people what happened and what to do next. A 400 \`invalid_request\` lists every invalid field in \`errors\`, each with a \`message\` and a \`path\`: a JSON Pointer into the body, or \`query/NAME\`, \`path/NAME\` or \`header/NAME\`. Give the \`x-request-id\` of the answer to your operator when you need help.

## Null

An optional field of a body takes \`null\` for "none". In a POST or PUT it counts as left out. In a PATCH, where a field that is left out keeps its value, \`null\` gives it the value of a new resource: an empty list or object, or the default. A field that every resource needs, such as a name, refuses \`null\`.

## Paging

A list answers with \`items\` and \`next\`. Send \`next\` as \`cursor\` to get the following page, until \`next\` is null. \`limit\` sets the page size: 1 to 200, and 50 by default. A list leaves out items that your key may not see. A cursor belongs to its list, filter and key. A filter that names an unknown environment, project, pipeline, consumer, role or key gets 400 \`invalid_request\` instead of an empty list.

## Idempotency-Key

Send an \`Idempotency-Key\` header of 1 to 255 printable ASCII characters with a POST to make it safe to repeat. A repetition within 24 hours changes nothing: it gets the first answer again, with the header \`idempotency-replayed: true\`. The same key with a different request gets 409 \`conflict\`. A repetition needs every permission and confirmation that the first request needed. What signs in, confirms who somebody is or begins that, and what follows a link in a mail, takes no such key: those operations say so.

## ETag

The answer to a GET of one resource has a strong \`ETag\`, and so has the answer to a PATCH or PUT: that of what the change has left. Send it as \`If-Match\` with a PATCH, PUT or DELETE, and the change is made only if the resource is still the same, else the answer is 412 \`precondition_failed\`. A PUT with \`If-None-Match: *\` creates, and replaces nothing. What changes by itself, such as the last use of a key, is no part of the tag. An operation that takes no precondition refuses one. For a new version of a pipeline, \`base\` in the body does the same.

## Receipts

A change reaches the gateways a moment after it is saved. An answer that contains a \`receipt\` tells you whether it has: \`confirmed\` is true once every gateway applies the change, and \`gateways\` lists each one. Set \`?wait=\` to the number of seconds to wait for that: 0 to 60, and 5 by default. If \`confirmed\` is false, the change is saved, but a gateway that \`gateways\` names may still decide by the old state. To ask again, repeat a PATCH, or the DELETE of a key: the answer has a new receipt. After any other change, read \`GET /v1/organizations/{organization}/gateways\` until each gateway in it has at least the \`revision\` of the receipt and is not \`stale\`.`
