import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { signInProvidersQuery } from '../../../data/providers.ts'
import { Absent } from '../../../parts/absent.tsx'
import { Failure } from '../../../parts/states/failure.tsx'
import { Loaded } from '../../../parts/states/loaded.tsx'
import { RowsSkeleton } from '../../../parts/states/skeleton.tsx'
import { When } from '../../../parts/when.tsx'
import { t } from '../../../texts/texts.ts'
import { useDialogs } from '../dialogs.ts'
import { useLinkProvider } from '../mutations.ts'
import { linkedProvidersQuery } from '../queries.ts'
import { Row, Rows, Section, SectionActions } from '../../../parts/settings/section.tsx'

/** The accounts elsewhere that sign the person in. Not shown where the installation has no providers. */
export function Providers() {
  const dialogs = useDialogs()
  const { organization } = useSearch({ from: '/signed-in/profile' })
  const { data: offered = [] } = useQuery(signInProvidersQuery)
  const linked = useQuery(linkedProvidersQuery)
  const link = useLinkProvider(organization)
  const { title, lead, none, linkIt, linkedOn, noEmail, unlink } = t.profile.providers
  if (offered.length === 0 && (linked.data ?? []).length === 0) return null
  return (
    <Section title={title} lead={lead}>
      <Loaded query={linked} skeleton={<RowsSkeleton rows={1} />}>
        {(providers) => (
          <>
            {providers.length === 0 ? (
              <p>{none}</p>
            ) : (
              <Rows label={title}>
                {providers.map(({ id, name, email, linkedAt }) => (
                  <Row
                    key={id}
                    title={name}
                    meta={
                      <>
                        {email ?? <Absent>{noEmail}</Absent>} · {linkedOn} <When at={linkedAt} />
                      </>
                    }
                    actions={
                      <Button size="compact-xs" data-destructive onClick={() => dialogs.open('unlink', id)}>
                        {unlink}
                      </Button>
                    }
                  />
                ))}
              </Rows>
            )}
            <SectionActions>
              {offered
                .filter(({ id }) => providers.every((each) => each.id !== id))
                .map(({ id, name }) => (
                  <Button
                    key={id}
                    size="xs"
                    loading={link.isPending && link.variables === id}
                    onClick={() => link.mutate(id)}
                  >
                    {linkIt(name)}
                  </Button>
                ))}
            </SectionActions>
          </>
        )}
      </Loaded>
      {link.error !== null && (
        <Failure
          error={link.error}
          retry={() => link.variables !== undefined && link.mutate(link.variables)}
        />
      )}
    </Section>
  )
}
