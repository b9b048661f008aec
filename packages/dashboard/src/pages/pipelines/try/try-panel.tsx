import { Button, PasswordInput, Select, TextInput } from '@mantine/core'
import type { ListedDeployment, Pipeline, VerifyInput } from '@sallyport/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { sallyport } from '../../../data/sallyport.ts'
import { Failure } from '../../../parts/states/failure.tsx'
import { PanelSection, SidePanel } from '../../../parts/layers/side-panel.tsx'
import { Snippet } from '../../../parts/snippet.tsx'
import text from '../../../parts/text.module.css'
import { usePlace } from '../../../shell/organization.ts'
import { t } from '../../../texts/texts.ts'
import { usePipelineSearch } from '../address/use-pipeline-search.ts'
import { versionsQuery } from '../data/queries.ts'
import { DEFAULT_METHODS, routeOf, triggerFacts } from '../spec/trigger-facts.ts'
import { curlLine, methodOf, ownHostOf } from './curl-line.ts'
import { Decision } from './decision.tsx'
import { NewCaller } from './new-caller.tsx'
import classes from './try-panel.module.css'

interface TryPanelProps {
  readonly organization: string
  readonly shown: Pipeline
  readonly live: readonly ListedDeployment[]
  readonly onClose: () => void
}

/** Asks what a gateway would decide about a call, and shows how to make it. */
export function TryPanel({ organization, shown, live, onClose }: TryPanelProps) {
  const { environment } = usePlace()
  const { search, set } = usePipelineSearch()
  const routed = live.filter(({ url }) => url !== null)
  const wanted = search.to ?? environment
  const called =
    routed.find(({ id }) => id === search.deployment) ??
    routed.find((each) => each.environment === wanted) ??
    routed[0]
  const words = t.pipeline.try
  return (
    <SidePanel title={words.title(shown.name)} about={<span>{words.about}</span>} onClose={onClose}>
      {called === undefined ? (
        <PanelSection label={words.call}>
          <p>{words.notLive}</p>
        </PanelSection>
      ) : (
        <>
          {routed.length > 1 && (
            <PanelSection label={words.where}>
              <Select
                label={words.where}
                data={routed.map(({ id, version, environment: place }) => ({
                  value: id,
                  label: words.live(version, place),
                }))}
                value={called.id}
                allowDeselect={false}
                onChange={(id) => set({ deployment: id ?? undefined, to: undefined })}
              />
            </PanelSection>
          )}
          <Call key={called.id} organization={organization} called={called} />
        </>
      )}
    </SidePanel>
  )
}

interface CallProps {
  readonly organization: string
  readonly called: ListedDeployment
}

interface Values {
  readonly method: string
  readonly path: string
  readonly token: string
  readonly jwt: string
  readonly username: string
  readonly password: string
  readonly address: string
}

function Call({ organization, called }: CallProps) {
  const { may } = usePlace()
  const { data: versions } = useQuery(versionsQuery(organization, called.pipeline))
  const spec = versions?.find(({ version }) => version === called.version)?.spec
  const facts = triggerFacts(spec)
  const route = routeOf(facts, called.pipeline, called.version)
  const [typed, setTyped] = useState<Partial<Values>>({})
  const values: Values = { method: methodOf(facts), path: route, ...NOTHING, ...typed }
  const set = (change: Partial<Values>): void => setTyped((before) => ({ ...before, ...change }))
  const verify = useMutation({
    mutationFn: async (input: VerifyInput) => await sallyport.verify(input),
  })
  // Nothing keeps what was pasted once the panel is closed.
  const { reset } = verify
  useEffect(() => reset, [reset])
  const words = t.pipeline.try
  if (spec === undefined || called.url === null) return null
  const base = called.url.slice(0, called.url.length - route.length)
  const url = `${base}${values.path}`
  const ask = (): void => verify.mutate(inputOf(organization, called, values, ownHostOf(base)))
  const { apiKey, jwt, basic } = facts.required
  return (
    <>
      <PanelSection label={words.call}>
        <form
          className={classes.form}
          onSubmit={(event) => {
            event.preventDefault()
            ask()
          }}
        >
          <div className={classes.route}>
            <Select
              label={words.method}
              data={[...(facts.methods ?? DEFAULT_METHODS)]}
              value={values.method}
              allowDeselect={false}
              onChange={(method) => set({ method: method ?? values.method })}
            />
            <TextInput
              label={words.path}
              spellCheck={false}
              value={values.path}
              onChange={({ currentTarget }) => set({ path: currentTarget.value })}
            />
          </div>
          {/[:*]/.test(values.path) && <p className={text.meta}>{words.fillIn}</p>}
          {may('keys.verify', called.environment) ? (
            <>
              {(apiKey || !(jwt || basic)) && (
                <Secret
                  label={words.token}
                  hint={words.tokenHint}
                  value={values.token}
                  onChange={(token) => set({ token })}
                />
              )}
              {apiKey && <NewCaller organization={organization} called={called} />}
              {basic && (
                <div className={classes.route}>
                  <TextInput
                    label={words.username}
                    autoComplete="off"
                    value={values.username}
                    onChange={({ currentTarget }) => set({ username: currentTarget.value })}
                  />
                  <Secret
                    label={words.password}
                    value={values.password}
                    onChange={(password) => set({ password })}
                  />
                </div>
              )}
              {jwt && (
                <Secret label={words.jwt} value={values.jwt} onChange={(token) => set({ jwt: token })} />
              )}
              {verify.data?.missing?.includes('address') === true || values.address !== '' ? (
                <TextInput
                  label={words.address}
                  description={words.addressHint}
                  value={values.address}
                  onChange={({ currentTarget }) => set({ address: currentTarget.value })}
                />
              ) : null}
              <Button type="submit" variant="filled" loading={verify.isPending}>
                {words.submit}
              </Button>
            </>
          ) : (
            <p className={text.meta}>{words.mayNot}</p>
          )}
        </form>
      </PanelSection>
      {verify.error !== null && (
        <PanelSection label={words.decision}>
          <Failure error={verify.error} retry={ask} />
        </PanelSection>
      )}
      {verify.data !== undefined && (
        <PanelSection label={words.decision}>
          <Decision
            said={verify.data}
            checked={{
              apiKey: apiKey || values.token !== '',
              jwt: jwt || values.jwt !== '',
              basic: basic || values.username !== '',
            }}
          />
        </PanelSection>
      )}
      <PanelSection label={words.shell}>
        <h3>{words.shell}</h3>
        <Snippet label={words.shell}>
          {curlLine({ url, method: values.method, required: facts.required })}
        </Snippet>
      </PanelSection>
    </>
  )
}

const NOTHING = { token: '', jwt: '', username: '', password: '', address: '' }

function inputOf(
  organization: string,
  { environment }: ListedDeployment,
  values: Values,
  host: string | null,
): VerifyInput {
  const { method, path, token, jwt, username, password, address } = values
  return {
    organization,
    environment,
    method,
    path,
    ...(host !== null && { host }),
    ...(token !== '' && { token: token.trim() }),
    ...(jwt !== '' && { jwt: jwt.trim() }),
    ...(username !== '' && { basic: { username, password } }),
    ...(address !== '' && { address: address.trim() }),
  }
}

interface SecretProps {
  readonly label: string
  readonly hint?: string
  readonly value: string
  readonly onChange: (value: string) => void
}

/** A credential that is pasted. Browsers are asked not to keep it. */
function Secret({ label, hint, value, onChange }: SecretProps) {
  return (
    <PasswordInput
      label={label}
      description={hint}
      autoComplete="off"
      value={value}
      visibilityToggleButtonProps={{ 'aria-label': t.parts.showSecret }}
      onChange={({ currentTarget }) => onChange(currentTarget.value)}
    />
  )
}
