import { Link } from '@tanstack/react-router'

interface PipelineLinkProps {
  readonly organization: string
  readonly pipeline: string
}

/** A pipeline by its name, which leads to its spec, where what it lacks is added. */
export function PipelineLink({ organization, pipeline }: PipelineLinkProps) {
  return (
    <Link
      to="/organizations/$organization/pipelines/$pipeline"
      params={{ organization, pipeline }}
      search={({ environment }) => ({ environment })}
    >
      {pipeline}
    </Link>
  )
}
