-- The table of db-scheduler, which fires each schedule once over all nodes; named and shaped as the library wants it.
create table scheduled_tasks (
    task_name            varchar(100) not null,
    task_instance        varchar(100) not null,
    task_data            bytea,
    execution_time       timestamp with time zone,
    picked               boolean not null,
    picked_by            varchar(100),
    last_success         timestamp with time zone,
    last_failure         timestamp with time zone,
    consecutive_failures integer,
    last_heartbeat       timestamp with time zone,
    version              bigint not null,
    priority             smallint,
    state                varchar(100),
    primary key (task_name, task_instance)
);
create index scheduled_tasks_by_time on scheduled_tasks (execution_time);
create index scheduled_tasks_by_heartbeat on scheduled_tasks (last_heartbeat);

-- What became of each firing.
create table firing (
    job                  varchar(60) not null,
    -- For when it was due, which is not when it was fired if no node was up.
    due_at               timestamp with time zone not null,
    fired_at             timestamp with time zone not null,
    -- The name of the run that it began; null when there was nothing to run.
    run_name             varchar(100),
    message              varchar not null,
    primary key (job, due_at)
);
