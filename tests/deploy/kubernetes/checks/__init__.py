"""What is held against every overlay, in one list: each check yields a line for each mistake it finds."""

from tests.deploy.kubernetes.checks import monitoring, neighbours, network, pods, references
from tests.deploy.kubernetes.schemas import fits_its_schema

CHECKS = (
    fits_its_schema,
    pods.names_its_image,
    pods.runs_what_exists,
    pods.has_settings_that_are_taken,
    pods.finds_its_files,
    pods.has_nobodys_rights,
    pods.has_resources,
    pods.answers_its_probes,
    pods.has_time_to_stop,
    pods.keeps_its_processes_apart,
    references.is_in_one_place,
    references.refers_to_what_exists,
    references.selects_its_pods,
    references.may_be_disrupted,
    references.calls_services_that_exist,
    references.scales_what_it_may,
    references.has_something_to_hear,
    network.speaks_along_its_edges_only,
    network.selects_somebody,
    neighbours.has_the_topics_of_the_code,
    neighbours.lets_users_do_what_they_need,
    neighbours.has_databases_for_all,
    monitoring.scrapes_everyone,
    monitoring.asks_for_metrics_that_exist,
    monitoring.says_where_to_read_on,
)
