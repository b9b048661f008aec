import { Button } from '@mantine/core'
import type { DecidedRequest } from '@sallyport/sdk'
import { Link, type LinkProps } from '@tanstack/react-router'
import { useConsumerName, useKeyName } from '../../names/names.tsx'
import { usePlace } from '../../shell/organization.ts'
import { t } from '../../texts/texts.ts'
import { type Place, placesOf } from './remedy.ts'

interface RemedyLinksProps {
  readonly request: DecidedRequest
}

/** The ways to where a refusal is corrected, the likeliest first. */
export function RemedyLinks({ request }: RemedyLinksProps) {
  const { may } = usePlace()
  const { key, consumer, environment } = request
  const places = placesOf(request).filter((place) => {
    if (place === 'key') return key !== null && may('keys.read')
    if (place === 'consumer') return consumer !== null && may('consumers.read')
    return may('pipelines.read', environment)
  })
  return places.map((place, index) => (
    <PlaceLink key={place} place={place} request={request} variant={index === 0 ? 'filled' : 'default'} />
  ))
}

interface PlaceLinkProps extends RemedyLinksProps {
  readonly place: Place
  readonly variant: 'filled' | 'default'
}

function PlaceLink({ place, request, variant }: PlaceLinkProps) {
  switch (place) {
    case 'key':
      return request.key !== null && <KeyLink id={request.key} variant={variant} />
    case 'consumer':
      return request.consumer !== null && <ConsumerLink id={request.consumer} variant={variant} />
    case 'pipeline':
      return <PipelineLink pipeline={request.pipeline} variant={variant} />
  }
}

interface NamedProps {
  readonly id: string
  readonly variant: PlaceLinkProps['variant']
}

function KeyLink({ id, variant }: NamedProps) {
  const { organization } = usePlace()
  const name = useKeyName(id)
  // The key of a partner has no page here.
  if (name == null) return null
  return (
    <LinkButton
      variant={variant}
      to={{
        to: '/organizations/$organization/keys',
        params: { organization },
        search: ({ environment }) => ({ environment, key: id }),
      }}
    >
      {t.requests.panel.open(name)}
    </LinkButton>
  )
}

function ConsumerLink({ id, variant }: NamedProps) {
  const { organization } = usePlace()
  const name = useConsumerName(id)
  if (name == null) return null
  return (
    <LinkButton
      variant={variant}
      to={{
        to: '/organizations/$organization/consumers',
        params: { organization },
        search: ({ environment }) => ({ environment, consumer: id }),
      }}
    >
      {t.requests.panel.open(name)}
    </LinkButton>
  )
}

interface PipelineLinkProps {
  readonly pipeline: string | null
  readonly variant: PlaceLinkProps['variant']
}

function PipelineLink({ pipeline, variant }: PipelineLinkProps) {
  const { organization } = usePlace()
  const { panel } = t.requests
  if (pipeline === null) {
    return (
      <LinkButton
        variant={variant}
        to={{ to: '/organizations/$organization/pipelines', params: { organization } }}
      >
        {panel.openPipelines}
      </LinkButton>
    )
  }
  return (
    <LinkButton
      variant={variant}
      to={{
        to: '/organizations/$organization/pipelines/$pipeline',
        params: { organization, pipeline },
        search: ({ environment }) => ({ environment }),
      }}
    >
      {panel.open(pipeline)}
    </LinkButton>
  )
}

interface LinkButtonProps {
  readonly variant: PlaceLinkProps['variant']
  readonly to: LinkProps
  readonly children: string
}

function LinkButton({ to, variant, children }: LinkButtonProps) {
  return (
    <Button size="xs" variant={variant} renderRoot={(props) => <Link {...props} {...to} />}>
      {children}
    </Button>
  )
}
