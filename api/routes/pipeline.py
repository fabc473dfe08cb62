"""The pipeline as a whole: what waits, how it goes, who follows."""

from fastapi import APIRouter, Depends, Request, Response

from api import examples
from api.documentation import answer, problems
from api.negotiation import JSON, best_answer
from api.resources import Requires, resources
from schemas import PipelineStatus
from store import Scope

MODELS = (PipelineStatus,)
router = APIRouter(tags=["read"], dependencies=[Depends(Requires(Scope.READ))])


@router.get(
    "/v1/pipeline",
    summary="How is the pipeline?",
    responses={
        200: answer("Counted at one instant, or a second ago.", "PipelineStatus", pipeline=examples.PIPELINE),
        **problems(),
    },
)
async def read_pipeline(request: Request) -> Response:
    """Tell what waits in each lane and stage and since when, what was counted, how it went lately, who follows.

    `total` never goes back; `last` tells rates and coverage of now. `dateline status` and `/metrics` tell the same.
    """
    best_answer(request, JSON)
    look = await resources(request).overview.look()
    return Response(look.status.model_dump_json(), media_type=JSON)
