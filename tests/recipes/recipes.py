"""What the recipes say, for `check`.

In: a recipe. Out: with `validate`, nothing, or what is wrong with its parameters and its counts, and 1; with `commands`, the
commands of one shard or of the merge, as lines for a shell.
"""

import json
import re
import shlex
import sys

import yaml


def of_file(path):
    with open(path) as file:
        return json.load(file) if path.endswith(".json") else list(yaml.safe_load_all(file))


def validate_aws(recipe):
    """By the model that the AWS command line has of the service; values of enumerations, which it leaves to the service, too."""
    import botocore.session
    import botocore.validate

    # No file of this machine, and no key, has a say here.
    model = botocore.session.Session(profile=None).get_service_model("batch")
    operations = {
        "shard-definition": "RegisterJobDefinition",
        "merge-definition": "RegisterJobDefinition",
        "shards": "SubmitJob",
        "merge": "SubmitJob",
    }
    if recipe.keys() != operations.keys():
        yield f"parts are {list(recipe)}, not {list(operations)}"
    for part, operation in operations.items():
        shape = model.operation_model(operation).input_shape
        errors = botocore.validate.ParamValidator().validate(recipe[part], shape)
        if errors.has_errors():
            yield f"{part}: {errors.generate_report()}"
        else:
            yield from (f"{part}: {error}" for error in outside_enumerations(recipe[part], shape))
    for job in ("shards", "merge"):
        if recipe[job]["jobDefinition"] not in (recipe[d]["jobDefinitionName"] for d in operations if d.endswith("definition")):
            yield f"{job} names no definition of this file"
    yield from same_count(recipe["shards"]["arrayProperties"]["size"], recipe["shard-definition"]["parameters"]["shard"])


def outside_enumerations(value, shape):
    if shape.type_name == "structure":
        for name, member in value.items():
            yield from outside_enumerations(member, shape.members[name])
    elif shape.type_name == "list":
        for member in value:
            yield from outside_enumerations(member, shape.member)
    elif shape.type_name == "string" and shape.enum and value not in shape.enum:
        yield f"{value} is none of {shape.enum}"


def same_count(size, shard):
    if not re.fullmatch(rf".+/{size}", shard):
        yield f"there are {size} shards, and the command says {shard}"


def kubernetes_job(documents, name):
    job = next(d for d in documents if d["kind"] == "Job" and d["metadata"]["name"] == name)
    return job["spec"], job["spec"]["template"]["spec"]["containers"][0]


def validate_kubernetes(documents):
    spec, container = kubernetes_job(documents, "sweep")
    yield from same_count(spec["completions"], container["args"][1])


def validate_github(workflow):
    shards = workflow["jobs"]["shard"]["strategy"]["matrix"]["shard"]
    if shards != list(range(len(shards))):
        yield f"the shards are {shards}, not all from 0"
    [command] = re.findall(r"--shard (\S+ \S+ \S+)", github_script(workflow, "shard"))
    yield from same_count(len(shards), command)


def github_script(workflow, job):
    return "\n".join(step["run"] for step in workflow["jobs"][job]["steps"] if "run" in step)


def container_command(command, environment):
    return shlex.join(["env", *(f"{name}={value}" for name, value in environment.items()), *command])


def commands(path, what):
    recipe = of_file(path)
    if path.endswith(".json"):
        definition = recipe["merge-definition" if what == "merge" else "shard-definition"]
        container = definition["containerProperties"]
        environment = {pair["name"]: pair["value"] for pair in container["environment"]}
        # `3` is a child of the array, `3/64` a job that is submitted by itself with this parameter.
        shard = what if "/" in what else definition.get("parameters", {}).get("shard")
        if what.isdigit():
            environment["AWS_BATCH_JOB_ARRAY_INDEX"] = what
        return container_command([shard if word == "Ref::shard" else word for word in container["command"]], environment)
    if path.endswith(".yaml"):
        container = kubernetes_job(recipe, "merge" if what == "merge" else "sweep")[1]
        environment = {} if what == "merge" else {"JOB_COMPLETION_INDEX": what}
        return container_command(container["command"] + container["args"], environment)
    job = "merge" if what == "merge" else "shard"
    # The shell that GitHub runs steps in ends at the first failure.
    return "set -e\n" + github_script(recipe[0], job).replace("${{ matrix.shard }}", what)


def validate(path):
    recipe = of_file(path)
    if path.endswith(".json"):
        return validate_aws(recipe)
    return validate_kubernetes(recipe) if path.endswith(".yaml") else validate_github(recipe[0])


match sys.argv[1:]:
    case ["validate", path]:
        problems = list(validate(path))
        print(*problems, sep="\n", end="\n" if problems else "")
        sys.exit(1 if problems else 0)
    case ["commands", path, what]:
        print(commands(path, what))
    case _:
        sys.exit("usage: recipes.py validate FILE | commands FILE SHARD|merge")
